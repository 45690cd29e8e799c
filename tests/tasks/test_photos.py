"""A photo is read with limits, made anew without metadata, kept once under its hash, and seen by few."""

from __future__ import annotations

import io
import os
import stat
import zlib
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from tests import cast
from tests.tasks.conftest import file_of, give, hand_in, picture, share_of

from toli.kit.errors import BadInput
from toli.tasks import photos, services
from toli.tasks.models import HandIn, Photo
from toli.tasks.photos import clean_photo


@pytest.fixture
def asked(asha, salma, booths, tree):
    """An accepted share that asks for a photo."""
    share = share_of(give(asha.actor, tree.booth, proofs=["photo"], target=3), tree.booth)
    return services.accept_assignment(actor=salma.actor, ref=share.ref, now=timezone.now())


def test_nothing_of_the_phone_or_the_place_is_left():
    clean = clean_photo(picture())
    assert b"SECRETPHONE" not in clean.body
    with Image.open(io.BytesIO(clean.body)) as image:
        assert not image.getexif()
        assert (image.format, image.size) == ("JPEG", (640, 480))


def test_a_sideways_photo_is_turned_upright_before_its_note_is_removed():
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (640, 480)).save(out, "JPEG", exif=exif)
    clean = clean_photo(out.getvalue())
    assert (clean.width, clean.height) == (480, 640)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_large_photos_are_made_smaller_whatever_their_kind(format):
    clean = clean_photo(picture(size=(4000, 3000), format=format))
    assert (clean.width, clean.height) == (1600, 1200)


def test_a_comment_behind_the_picture_does_not_survive():
    assert b"<script>" not in clean_photo(picture() + b"<script>alert(1)</script>").body


def png_that_claims(width: int, height: int) -> bytes:
    """A tiny file that would unfold into gigabytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)

    header = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + b"\0" * 40,
        b"%PDF-1.7",
        picture()[:400],
        png_that_claims(60_000, 60_000),
        b"\xff\xd8" + b"\0" * photos.LARGEST_FILE,
    ],
    ids=["empty", "text", "svg", "gif", "pdf", "cut off", "bomb", "too large"],
)
def test_what_is_no_usable_photo_is_refused_with_a_sentence(body):
    with pytest.raises(BadInput) as refused:
        clean_photo(body)
    assert str(refused.value.fields["photo"])


def test_a_photo_is_kept_for_its_owner_only_under_its_own_hash(salma, asked, photo, files):
    done = hand_in(salma, asked, photo=photo)
    path = file_of(done.hand_in.photo.digest)
    assert path.is_relative_to(files)
    assert path.read_bytes() == photo.body
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_the_same_picture_twice_is_one_file(asha, salma, booths, tree, asked, photo):
    other = share_of(give(asha.actor, tree.booth, proofs=["photo"], target=3), tree.booth)
    services.accept_assignment(actor=salma.actor, ref=other.ref, now=timezone.now())
    for share in (asked, other):
        hand_in(salma, share, photo=photo)
    assert (Photo.objects.count(), HandIn.objects.filter(photo__digest=photo.digest).count()) == (1, 2)


def url_of(share) -> str:
    return f"/me/tasks/photo/{share.hand_in.ref}/"


def test_the_photo_is_seen_by_its_owner_and_by_who_looks_after_the_share(salma, bilal, asked, photo):
    done = hand_in(salma, asked, photo=photo)
    for member in (salma, bilal):
        answer = member.client.get(url_of(done))
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "private" in answer["Cache-Control"]
        assert b"".join(answer.streaming_content) == photo.body


def test_another_district_sees_no_photo_and_learns_nothing(salma, dev, tara, asked, photo):
    done = hand_in(salma, asked, photo=photo)
    for member in (dev, tara):
        assert member.client.get(url_of(done)).status_code == 404


def test_photos_are_erased_thirty_days_after_the_share_ended(salma, bilal, asked, photo, watch, now):
    done = hand_in(salma, asked, photo=photo)
    services.verify_assignment(actor=bilal.actor, ref=done.ref, now=now)
    assert services.erase_proofs(actor=cast.SYSTEM, now=now + timedelta(days=29)) == 0
    seen = watch()
    assert services.erase_proofs(actor=cast.SYSTEM, now=now + timedelta(days=31)) == 1
    assert not file_of(photo.digest).exists()
    assert seen.verbs() == ["tasks.proofs_erased"]
    assert bilal.client.get(url_of(done)).status_code == 404
    assert services.erase_proofs(actor=cast.SYSTEM, now=now + timedelta(days=31)) == 0


def test_a_photo_that_an_open_share_still_needs_stays(salma, asked, photo, now):
    hand_in(salma, asked, photo=photo)
    assert services.erase_proofs(actor=cast.SYSTEM, now=now + timedelta(days=300)) == 0
    assert file_of(photo.digest).exists()


def test_words_are_erased_a_year_after_the_share_ended(asha, salma, bilal, booths, tree, now):
    share = share_of(give(asha.actor, tree.booth, proofs=["text"], target=3), tree.booth)
    services.accept_assignment(actor=salma.actor, ref=share.ref, now=now)
    hand_in(salma, share, text="सब घर देखे")
    services.verify_assignment(actor=bilal.actor, ref=share.ref, now=now)
    assert services.erase_proofs(actor=cast.SYSTEM, now=now + timedelta(days=364)) == 0
    assert services.erase_proofs(actor=cast.SYSTEM, now=now + timedelta(days=366)) == 1
    assert HandIn.objects.get().text == ""


def test_a_peer_of_the_team_sees_neither_the_photo_nor_the_words(salma, asked, photo, tree):
    from tests.tasks.conftest import volunteer

    done = hand_in(salma, asked, photo=photo)
    peer = volunteer(tree.booth, name="Rekha Jat")
    assert peer.client.get(url_of(done)).status_code == 404
    page = peer.client.get(f"/desk/tasks/shares/{done.ref}/")
    assert (page.status_code, "/me/tasks/photo/" in page.text) == (200, False)


def test_a_file_left_by_a_failed_hand_in_is_swept_and_a_kept_one_stays(salma, asked, photo, files, now):
    hand_in(salma, asked, photo=photo)
    other = clean_photo(picture(size=(50, 50)))
    photos.keep_file(other)
    half = file_of(other.digest).with_name("half.new")
    half.write_bytes(b"half")
    assert services.sweep_files(now=now) == 0
    assert services.sweep_files(now=now + timedelta(days=2)) == 2
    assert file_of(photo.digest).exists()
    assert not file_of(other.digest).exists()
