"""Files lie in a folder or in a bucket; both keep whole files or none, and answer alike."""

import errno
import io
import os
import threading
from datetime import UTC, datetime, timedelta

import pytest
from tests import bucket as local_bucket

from toli.kit import filestore, s3
from toli.kit.filestore import FileGone, LocalStore, S3Store, StoreAway, StoreFull

BODY = b"x" * 3_000_000
KEY = "content/" + "a" * 64 + ".jpg"


@pytest.fixture
def bucket():
    server = local_bucket.Bucket()
    yield server
    server.stop()


def account(bucket, **changes):
    said = {
        "url": bucket.url, "region": local_bucket.REGION, "key": local_bucket.KEY, "secret": local_bucket.SECRET,
    }  # fmt: skip
    return s3.Account(**{**said, **changes})


@pytest.fixture(params=["folder", "bucket"])
def store(request, tmp_path, bucket):
    return LocalStore(tmp_path / "files") if request.param == "folder" else S3Store(account(bucket))


def put(store, key=KEY, body=BODY):
    store.put(key, io.BytesIO(body))


def test_what_was_put_is_read_again_and_can_be_removed(store):
    assert not store.has(KEY)
    file = io.BytesIO(BODY)
    file.read(7)
    store.put(KEY, file)
    put(store)
    assert store.has(KEY)
    with store.open(KEY) as found:
        assert found.read() == BODY
    store.remove(KEY)
    store.remove(KEY)
    assert not store.has(KEY)


def test_a_file_that_is_missing_says_so(store):
    with pytest.raises(FileGone) as told:
        store.open(KEY)
    assert (told.value.status, str(told.value)) == (404, str(FileGone.default))


def test_keys_are_listed_by_room_and_age(store):
    keys = [filestore.sharded("tasks", f"{n:064x}", "jpg") for n in range(5)]
    for key in (*keys, KEY):
        put(store, key, b"x")
    soon, past = datetime.now(UTC) + timedelta(hours=1), datetime.now(UTC) - timedelta(hours=1)
    assert sorted(store.older_than(soon, room="tasks")) == keys
    assert list(store.older_than(past, room="tasks")) == []


@pytest.mark.parametrize("key", ["", "x", "../../etc/passwd", "content/../x", "/content/x", "content/x/../../y", "a//"])
def test_no_key_leaves_the_store(store, key):
    for act in (store.has, store.open, store.remove, lambda k: put(store, k)):
        with pytest.raises(ValueError, match="not a key"):
            act(key)


def test_a_folder_keeps_files_for_the_owner_only(tmp_path):
    store = LocalStore(tmp_path / "files")
    put(store)
    path = store.path_of(KEY)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_same_file_twice_at_once_is_one(tmp_path):
    store = LocalStore(tmp_path)
    barrier = threading.Barrier(8)

    def one():
        barrier.wait()
        put(store)

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in store.path_of(KEY).parent.iterdir()] == [store.path_of(KEY).name]
    assert store.path_of(KEY).read_bytes() == BODY


def test_a_full_disk_keeps_nothing_and_says_so(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    store = LocalStore(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFull):
        put(store)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_full_bucket_keeps_nothing_and_says_so(bucket):
    bucket.room = 1000
    with pytest.raises(StoreFull):
        put(S3Store(account(bucket)))
    assert bucket.files == {}


def test_a_bucket_that_fails_or_does_not_answer_is_a_pause(bucket):
    bucket.broken = True
    stores = [S3Store(account(bucket)), S3Store(account(bucket, url="http://127.0.0.1:9/campaign"), timeout=2)]
    for store in stores:
        for act in (store.has, store.open, store.remove, lambda k, s=store: put(s, k)):
            with pytest.raises(StoreAway):
                act(KEY)
        with pytest.raises(StoreAway):
            list(store.older_than(datetime.now(UTC), room="tasks"))


def test_a_wrong_secret_is_turned_away(bucket):
    with pytest.raises(StoreAway):
        put(S3Store(account(bucket, secret="another")))
    assert bucket.turned_away == ["SignatureDoesNotMatch"]
    assert bucket.files == {}


def test_the_signature_is_the_one_of_the_published_example():
    """Amazon S3 API Reference, "Signature Calculations for the Authorization Header", example "GET Object"."""
    found = s3.request(
        s3.Account("https://examplebucket.s3.amazonaws.com", "us-east-1", "AKIAIOSFODNN7EXAMPLE",
                   "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        "GET", "test.txt", query={}, digest=s3.EMPTY, headers={"range": "bytes=0-9"},
        at=datetime(2013, 5, 24, tzinfo=UTC),
    )  # fmt: skip
    signature = found.headers["authorization"].rpartition("Signature=")[2]
    assert signature == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"


def test_the_secret_is_in_no_text(bucket):
    assert local_bucket.SECRET not in repr(account(bucket))


def test_the_settings_choose_the_store(settings, tmp_path, bucket):
    settings.MEDIA_ROOT = tmp_path
    assert isinstance(filestore.store(), LocalStore)
    settings.FILES_URL, settings.FILES_REGION = bucket.url, local_bucket.REGION
    settings.FILES_KEY, settings.FILES_SECRET = local_bucket.KEY, local_bucket.SECRET
    put(filestore.store())
    assert list(bucket.files) == [KEY]
