"""The library: files told by their content, made anew, kept once, with rights, consent and the label of AI."""

import io
import threading
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from PIL import Image
from tests.content.conftest import wording
from tests.content.files import VIDEO_HEAD, jpeg, pdf
from tests.house.test_uploads import flat_png

from toli.content import labels, moving, papers, queries, rules, services
from toli.content.models import Item, Media
from toli.content.services import Made, Rights, key_of
from toli.elections import gate
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.kit.filestore import LocalStore, StoreFull, store
from toli.ui import lettering

MADE = Made("generated", "Picturemaker 3", "District team", "Bhilwara committee")
needs_raqm = pytest.mark.skipif(not lettering.can_draw(), reason="Pillow without raqm: Hindi is not drawn")


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def add(bilal, tree):
    def of(body=None, *, made=None, actor=None, unit=None, shows_people=False, title="चौक", **more):
        rights = Rights(title, "ज़िला समिति", "own", "", shows_people)
        return services.add_media(
            actor=actor or bilal.actor, unit=unit or tree.bhilwara, rights=rights, made=made, now=timezone.now(),
            upload=io.BytesIO(jpeg() if body is None else body), **more,
        )  # fmt: skip

    return of


def kept(files):
    return sorted(path.name for path in files.rglob("*") if path.is_file())


def body_of(media) -> bytes:
    with store().open(key_of(media.name)) as file:
        return file.read()


def item_with(member, tree, media):
    said = wording(kind="picture", file_hash=media.digest, ai=media.ai)
    return services.write_item(actor=member.actor, unit=tree.bhilwara, wording=said, media=media, now=timezone.now())


def cleared(item, bilal, *approvers):
    services.submit_item(actor=bilal.actor, ref=item.ref, now=timezone.now())
    for one in approvers:
        item = services.approve_item(actor=one.actor, ref=item.ref, seen_hash=item.hash, now=timezone.now())
    return item


def may_go(item) -> bool:
    return bool(queries.cleared_items(item_ids=[item.pk], sheet_ids=[]))


# --- what comes in ---


def test_a_picture_is_drawn_anew_and_named_by_its_hash(add, files, watch):
    seen = watch()
    media, fresh = add()
    assert (fresh, media.kind, media.state, (media.width, media.height)) == (True, "image", "ready", (1280, 720))
    assert kept(files) == [media.name]
    assert b"SecretCamera" not in body_of(media)
    assert seen.verbs() == ["content.media_added"]


def test_the_same_bytes_twice_are_one_file_and_one_row(add, files, watch):
    first, _fresh = add()
    seen = watch()
    again, fresh = add(title="दूसरा नाम")
    assert (again, fresh) == (first, False)
    assert kept(files) == [first.name]
    assert seen.nothing_happened()


@pytest.mark.django_db(transaction=True)
def test_two_uploads_of_the_same_bytes_at_once_are_one(bilal, tree, add, files):
    body, actor, gate_ = jpeg(size=(900, 900)), bilal.actor, threading.Barrier(4)
    found = []

    def one():
        try:
            gate_.wait()
            found.append(add(body, actor=actor, unit=tree.bhilwara))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({media.pk for media, _fresh in found}) == 1
    assert sorted(fresh for _media, fresh in found) == [False, False, False, True]
    assert len(kept(files)) == 1


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", b"\0" * 30_000_000)
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("page.html", "<script>")
    return out.getvalue()


SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"
BAD = {
    "nothing": b"", "text": b"hello", "half a picture": jpeg()[:300], "gif": b"GIF89a" + b"\0" * 50,
    "a drawing with a script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a page": b"<!doctype html><script>1</script>", "an archive that unfolds": zip_bomb(),
    "a picture of 81 megapixels": flat_png(9000, 9000), "a broken paper": b"%PDF-1.7\n%%EOF",
    "a paper with a script": pdf(extra=b"/OpenAction" + SCRIPT),
    "a paper with a script by another spelling": pdf(extra=b"/OpenAction<</S/J#61vaScript/JS(1)>>"),
    "a paper with a packed script": pdf(stream=b"9 0 " + SCRIPT),
    "a paper that starts a program": pdf(extra=b"/AA<</O<</S/Launch/F(x.exe)>>>>"),
    "a paper with another file in it": pdf(stream=b"9 0 <</Type/EmbeddedFile>>"),
    "a paper with a password": pdf(extra=b"/Encrypt 9 0 R"), "a paper that is an archive too": pdf(tail=zipped()),
    "a paper cut off": pdf()[:-8],
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_taken_is_refused_with_a_sentence_and_nothing_is_kept(name, add, files, watch):
    seen = watch()
    with pytest.raises(BadInput) as told:
        add(BAD[name])
    assert str(told.value.fields["file"])
    assert (kept(files), Media.objects.count()) == ([], 0)
    assert seen.nothing_happened()


def test_a_paper_that_unfolds_too_far_is_refused(monkeypatch, add):
    monkeypatch.setattr(papers, "MOST_UNFOLDED", 100_000)
    with pytest.raises(BadInput):
        add(pdf(stream=b"9 0 " + b" " * 2_000_000))


def test_a_large_photo_of_a_phone_is_taken(add):
    media, _fresh = add(jpeg(size=(8660, 5770)))  # just under 50 megapixels
    assert max(media.width, media.height) == 1280


def test_a_picture_that_is_a_page_too_keeps_only_its_pixels(add):
    media, _fresh = add(jpeg() + b"<script>alert(1)</script>" + zipped())
    assert b"<script" not in body_of(media)
    assert not zipfile.is_zipfile(io.BytesIO(body_of(media)))


def test_a_paper_loses_what_it_tells_of_its_maker_and_stays_as_long(add):
    media, _fresh = add(pdf(extra=b"/Metadata 3 0 R"))
    body = body_of(media)
    assert (media.kind, media.ending, len(body)) == ("pdf", "pdf", len(pdf(extra=b"/Metadata 3 0 R")))
    for word in (b"Secret", b"53656372", b"/Info", b"/Metadata"):
        assert word not in body
    assert b"/MediaBox[0 0 200 200]" in body


def test_a_full_store_keeps_nothing_and_says_so(add, monkeypatch, watch):
    def full(*_args):
        raise StoreFull()

    monkeypatch.setattr(LocalStore, "put", full)
    seen = watch()
    with pytest.raises(StoreFull):
        add()
    assert Media.objects.count() == 0
    assert seen.nothing_happened()


def test_nobody_adds_for_anothers_unit_or_without_saying_whose_it_is(add, dev, watch):
    seen = watch()
    with pytest.raises(NotFound):
        add(actor=dev.actor)
    with pytest.raises(BadInput) as told:
        add(title=" ")
    assert set(told.value.fields) == {"title"}
    with pytest.raises(BadInput):
        add(made=Made("generated", "", "", ""))
    assert Media.objects.count() == 0
    assert seen.nothing_happened()


# --- an item and its file ---


def test_an_item_is_bound_to_the_exact_file(add, bilal, tree):
    media, _fresh = add()
    other, _fresh = add(jpeg(colour="red"))
    item = item_with(bilal, tree, media)
    assert (item.media, item.file, item.file_hash) == (media, media.name, media.digest)
    assert item.hash != wording(kind="picture", file_hash=other.digest).hash()
    with pytest.raises(BadInput):
        services.write_item(actor=bilal.actor, unit=tree.bhilwara, media=other, now=timezone.now(),
                            wording=wording(kind="picture", file_hash=media.digest))  # fmt: skip
    with pytest.raises(BadInput):
        services.write_item(actor=bilal.actor, unit=tree.bhilwara, now=timezone.now(),
                            wording=wording(kind="picture", file_hash="ab"))  # fmt: skip


def test_that_it_is_labelled_is_said_by_nobody_but_the_burning(add, bilal, tree):
    media, _fresh = add()
    for file, digest in ((media, media.digest), (None, "")):
        with pytest.raises(BadInput):
            services.write_item(actor=bilal.actor, unit=tree.bhilwara, media=file, now=timezone.now(),
                                wording=wording(file_hash=digest, ai="labelled"))  # fmt: skip
    assert Item.objects.count() == 0


def test_a_file_missing_from_the_store_is_404_and_no_fault(add, bilal, tree):
    media, _fresh = add()
    item_with(bilal, tree, media)
    url = f"/pictures/{media.name}"
    assert bilal.client.get(url).status_code == 200
    store().remove(key_of(media.name))
    answer = bilal.client.get(url)
    assert answer.status_code == 404
    assert "no longer kept" in answer.text or "नहीं रखी" in answer.text
    assert bilal.client.get(f"/desk/content/media/{media.ref}/").status_code == 200


def test_a_file_taken_out_of_use_takes_its_texts_back(add, bilal, farah, gopal, tree, watch):
    media, _fresh = add()
    item = cleared(item_with(bilal, tree, media), bilal, farah, gopal)
    assert may_go(item)
    seen = watch()
    with pytest.raises(BadInput):
        services.stop_media(actor=bilal.actor, ref=media.ref, reason=" ", now=timezone.now())
    assert seen.nothing_happened()
    services.stop_media(actor=bilal.actor, ref=media.ref, reason="किसी और की है", now=timezone.now())
    item.refresh_from_db()
    assert (item.state, may_go(item)) == ("draft", False)
    assert seen.verbs() == ["content.media_stopped"]
    with pytest.raises(BadInput):
        item_with(bilal, tree, Media.objects.get(pk=media.pk))


def test_another_district_neither_sees_nor_stops_it(add, dev, watch):
    media, _fresh = add()
    seen = watch()
    assert dev.client.get(f"/desk/content/media/{media.ref}/file/").status_code == 404
    with pytest.raises(NotFound):
        services.stop_media(actor=dev.actor, ref=media.ref, reason="x", now=timezone.now())
    assert seen.nothing_happened()


# --- consent ---


def yes(member, media, name="Person One", until=None):
    today = local_day(timezone.now())
    return services.note_person(
        actor=member.actor, ref=media.ref, name=name, how="paper", said_on=today, until=until, now=timezone.now()
    )


def test_what_shows_people_needs_everybodys_yes_and_ends_with_it(add, bilal, farah, gopal, tree, watch):
    media, _fresh = add(shows_people=True)
    with pytest.raises(BadInput):
        item_with(bilal, tree, media)
    today = local_day(timezone.now())
    yes(bilal, media, until=today)
    second = yes(bilal, media, name="Person Two")
    item = cleared(item_with(bilal, tree, media), bilal, farah, gopal)
    assert may_go(item)
    assert services.stop_ended_consents(actor=bilal.actor, now=timezone.now()) == 0
    seen = watch()
    services.take_person_back(actor=bilal.actor, ref=media.ref, person=second.ref, now=timezone.now())
    item.refresh_from_db()
    assert (item.state, may_go(item)) == ("draft", False)
    assert seen.verbs() == ["content.person_taken_back"]
    yes(bilal, media, name="person two")
    assert not rules.missing_consent(media.persons.all(), today)
    assert rules.missing_consent(media.persons.all(), today + timedelta(days=1))


def test_a_consent_that_ends_takes_the_texts_back_by_itself(add, bilal, farah, gopal, tree, watch):
    media, _fresh = add(shows_people=True)
    yes(bilal, media, until=local_day(timezone.now()))
    item = cleared(item_with(bilal, tree, media), bilal, farah, gopal)
    seen, tomorrow = watch(), timezone.now() + timedelta(days=1)
    assert services.stop_ended_consents(actor=bilal.actor, now=tomorrow) == 1
    assert services.stop_ended_consents(actor=bilal.actor, now=tomorrow) == 0
    item.refresh_from_db()
    assert item.state == "draft"
    assert seen.verbs() == ["content.consent_ended"]


def test_a_consent_from_tomorrow_is_none(add, bilal, watch):
    media, _fresh = add()
    seen, tomorrow = watch(), local_day(timezone.now()) + timedelta(days=1)
    with pytest.raises(BadInput) as told:
        services.note_person(actor=bilal.actor, ref=media.ref, name="", how="x", said_on=tomorrow,
                             until=tomorrow - timedelta(days=3), now=timezone.now())  # fmt: skip
    assert set(told.value.fields) == {"name", "how", "said_on", "until"}
    assert seen.nothing_happened()


# --- the label of AI ---


@needs_raqm
def test_a_picture_made_with_ai_gets_its_label_over_a_tenth_and_names_who_answers(add):
    media, _fresh = add(jpeg(size=(1280, 723), colour="white"), made=MADE)
    assert (media.ai, media.labelled_at is not None) == ("labelled", True)
    body = body_of(media)
    assert b"Bhilwara committee" in body
    assert b"trainedAlgorithmicMedia" in body
    picture = Image.open(io.BytesIO(body)).convert("L")
    rows = [max(picture.crop((0, y, 20, y + 1)).tobytes()) < 60 for y in range(picture.height)]
    assert rows.index(False) >= labels.SHARE * picture.height
    letters = picture.crop((0, 0, picture.width, rows.index(False)))
    assert letters.getextrema()[1] > 240


@needs_raqm
@pytest.mark.parametrize("size", [(1280, 40), (60, 1280), (1280, 1280), (33, 33)])
@pytest.mark.parametrize("label", labels.WORDS)
def test_the_band_is_never_less_than_a_tenth_of_the_area(size, label):
    band = labels.band(label, *size)
    assert band.width == size[0]
    assert band.width * band.height >= labels.SHARE * size[0] * size[1]


@needs_raqm
def test_what_is_declared_later_is_stopped_at_once_and_a_labelled_file_is_made(
    add, asha, bilal, farah, gopal, tree, watch
):  # fmt: skip
    media, _fresh = add()
    item = cleared(item_with(bilal, tree, media), bilal, farah, gopal)
    seen = watch()
    labelled = services.declare_ai(actor=bilal.actor, ref=media.ref, made=MADE, now=timezone.now())
    item.refresh_from_db()
    assert (item.state, may_go(item)) == ("draft", False)
    assert (labelled.ai, labelled.made_from, labelled.digest != media.digest) == ("labelled", media, True)
    assert seen.verbs() == ["content.ai_declared"]
    with pytest.raises(WrongState):
        services.declare_ai(actor=bilal.actor, ref=media.ref, made=MADE, now=timezone.now())
    with pytest.raises(BadInput):
        item_with(bilal, tree, Media.objects.get(pk=media.pk))
    shown = cleared(item_with(bilal, tree, labelled), bilal, farah, asha)
    assert (may_go(shown), rules.subject_of(shown).ai) == (True, gate.Ai.LABELLED)
    assert set(queries.ai_register(bilal.actor)) == {Media.objects.get(pk=media.pk), labelled}
    lines = b"".join(bilal.client.get("/desk/content/media/ai.csv").streaming_content).decode().splitlines()
    assert len(lines) == 3
    assert "Picturemaker 3" in lines[1]


# --- videos and sounds ---


def test_without_ffmpeg_a_video_is_kept_and_stays_unpublishable(add, bilal, tree, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    media, _fresh = add(VIDEO_HEAD)
    assert (media.kind, media.state, media.digest) == ("video", "waiting", "")
    assert services.prepare_next(actor=bilal.actor, now=timezone.now()) is False
    assert "ffmpeg" in bilal.client.get(f"/desk/content/media/{media.ref}/").text
    with pytest.raises(BadInput):
        services.write_item(actor=bilal.actor, unit=tree.bhilwara, media=media, now=timezone.now(),
                            wording=wording(kind="video", file_hash=media.source_digest))  # fmt: skip


def test_the_name_of_a_file_says_nothing(add, bilal, tree):
    sent = {
        "unit": str(tree.bhilwara.ref), "title": "चौक", "owner": "समिति", "licence": "own",
        "file": SimpleUploadedFile("speech.mp4", jpeg(), content_type="video/mp4"),
    }  # fmt: skip
    assert bilal.client.post("/desk/content/media/new/", sent).status_code == 302
    assert Media.objects.get().kind == "image"
    sent["file"] = SimpleUploadedFile("photo.jpg", VIDEO_HEAD, content_type="image/jpeg")
    assert bilal.client.post("/desk/content/media/new/", sent).status_code == 302
    assert Media.objects.latest("id").kind == "video"


needs_ffmpeg = pytest.mark.skipif(not moving.is_there(), reason="no ffmpeg on this machine")


@needs_ffmpeg
def test_a_broken_video_is_refused_with_a_sentence(add, bilal):
    media, _fresh = add(VIDEO_HEAD)
    assert services.prepare_next(actor=bilal.actor, now=timezone.now()) is True
    media.refresh_from_db()
    assert (media.state, media.refusal, media.digest) == ("refused", "unreadable", "")


def made_by_ffmpeg(tmp_path, *command) -> bytes:
    import subprocess

    subprocess.run(["ffmpeg", "-v", "error", "-y", *command], check=True, cwd=tmp_path)
    return (tmp_path / command[-1]).read_bytes()


def film(tmp_path, name="film.mkv", *codec) -> bytes:
    return made_by_ffmpeg(
        tmp_path, "-f", "lavfi", "-i", "color=white:s=1920x1080:d=2:r=10", "-f", "lavfi", "-i", "sine=d=2",
        "-metadata", "title=SecretPhone", *codec, name,
    )  # fmt: skip


@needs_ffmpeg
@needs_raqm
def test_a_video_is_made_anew_and_its_label_stands_at_the_top(add, bilal, tmp_path):
    media, _fresh = add(film(tmp_path, "film.mkv", "-c:v", "libx264", "-c:a", "aac"), made=MADE)
    assert services.prepare_next(actor=bilal.actor, now=timezone.now()) is True
    media.refresh_from_db()
    assert (media.state, media.ai, media.ending, (media.width, media.height)) == (
        "ready",
        "labelled",
        "mp4",
        (1280, 720),
    )
    body = body_of(media)
    assert b"SecretPhone" not in body
    assert b"Bhilwara committee" in body
    (tmp_path / "made.mp4").write_bytes(body)
    made_by_ffmpeg(tmp_path, "-ss", "1", "-i", "made.mp4", "-frames:v", "1", "frame.png")
    frame = Image.open(tmp_path / "frame.png").convert("L")
    assert max(frame.crop((0, 0, 40, 72)).tobytes()) < 80 < min(frame.crop((0, 80, 40, 700)).tobytes())
    assert not store().has(media.raw_key)


@needs_ffmpeg
@needs_raqm
def test_a_sound_waits_for_a_recording_of_the_label_which_fills_its_first_tenth(add, bilal, tmp_path):
    sound = made_by_ffmpeg(tmp_path, "-f", "lavfi", "-i", "sine=d=18", "-c:a", "aac", "sound.m4a")
    media, _fresh = add(sound, made=MADE)
    assert services.prepare_next(actor=bilal.actor, now=timezone.now()) is False
    said = made_by_ffmpeg(tmp_path, "-f", "lavfi", "-i", "sine=frequency=900:d=1", "-c:a", "aac", "said.m4a")
    add(said, says_label=True)
    while services.prepare_next(actor=bilal.actor, now=timezone.now()):
        pass
    media.refresh_from_db()
    assert (media.state, media.ai) == ("ready", "labelled")
    assert media.seconds == pytest.approx(20, abs=0.3)
    assert media.seconds - 18 >= labels.SHARE * media.seconds - 0.06
