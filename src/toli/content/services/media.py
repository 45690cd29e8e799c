"""Every write of the media library. A file is told by its content, made anew, and kept under its hash."""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.content import intake, labels, moving, queries, rules
from toli.content.models import Approval, Item, Media, PersonShown, Sheet, State
from toli.content.services.items import note
from toli.content.wording import clean
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, WrongState
from toli.kit.filestore import BLOCK, FileGone, measured, store
from toli.org import access
from toli.org.models import Unit


@dataclass(frozen=True, slots=True)
class Rights:
    """Whose work a file is and whom it shows."""

    title: str
    owner: str
    licence: str
    source: str = ""
    shows_people: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """How AI had a hand in it, as declared. `label` is one of the three of the Commission's order."""

    label: str
    tool: str
    maker: str
    responsible: str


def key_of(name: str) -> str:
    """The key of a file of the library in the store."""
    return f"content/{name}"


def add_media(
    *, actor: Actor, unit: Unit, upload: IO[bytes], rights: Rights, made: Made | None, now: datetime,
    says_label: bool = False,
) -> tuple[Media, bool]:  # fmt: skip
    """A file for this unit's library, and whether it is new there: the same bytes sent twice are one.

    A picture made with AI is labelled at once; videos and sounds wait for the worker. Raises NotAllowed, BadInput,
    StoreFull or StoreAway; then nothing is kept.
    """
    access.require(actor, "content.write", unit)
    rules.check_rights(rights.title, rights.owner, rights.licence, rights.source)
    rules.check_made(made)
    seen = intake.look_at(upload)
    if known := _known(unit, seen.source_digest):
        return known, False
    media = Media(
        unit=unit, kind=seen.kind, demuxer=seen.demuxer, source_digest=seen.source_digest, added_at=now,
        added_by_id=actor.person_id, says_label=says_label and seen.kind == Media.Kind.AUDIO, **_rights(rights),
    )  # fmt: skip
    _declare(media, made, actor, now)
    _prepare_now(media, upload, now)
    return _insert(actor, media, now)


def _rights(rights: Rights) -> dict[str, Any]:
    return {
        "title": clean(rights.title), "owner": clean(rights.owner), "licence": rights.licence,
        "source": clean(rights.source), "shows_people": rights.shows_people,
    }  # fmt: skip


def _known(unit: Unit, source_digest: str) -> Media | None:
    rows = Media.objects.filter(unit=unit, source_digest=source_digest, made_from=None)
    return rows.exclude(state__in=[Media.State.REFUSED, Media.State.STOPPED]).first()


def _declare(media: Media, made: Made | None, actor: Actor, now: datetime) -> None:
    if made is None:
        return
    media.ai, media.ai_label, media.ai_tool = Media.Ai.UNLABELLED, made.label, clean(made.tool)
    media.ai_maker, media.responsible = clean(made.maker), clean(made.responsible)
    media.ai_declared_at, media.ai_declared_by_id = now, actor.person_id


def _prepare_now(media: Media, upload: IO[bytes], now: datetime) -> None:
    """Pictures and papers are ready at once; the others are kept as they came until the worker has made them anew."""
    if media.kind == Media.Kind.IMAGE:
        _keep_picture(media, intake.picture_of(upload).body, now)
    elif media.kind == Media.Kind.PDF:
        if media.ai != Media.Ai.NONE:
            raise intake.refused(_("A PDF made with AI cannot be labelled here. Please send its pages as pictures."))
        _keep(media, intake.paper_of(upload), "pdf")
    else:
        media.state = Media.State.WAITING
        store().put(media.raw_key, upload)


def _keep_picture(media: Media, body: bytes, now: datetime) -> None:
    """Into the store, with its label where AI had a hand in it: the only place that says a picture is labelled."""
    if media.ai != Media.Ai.NONE:
        body = labels.burn(body, label=media.ai_label, responsible=media.responsible).body
        media.ai, media.labelled_at = Media.Ai.LABELLED, now
    with io.BytesIO(body) as file:
        from PIL import Image

        with Image.open(file, formats=["JPEG"]) as picture:
            media.width, media.height = picture.size
    _keep(media, body, "jpg")


def _keep(media: Media, body: bytes, ending: str) -> None:
    with io.BytesIO(body) as file:
        _keep_file(media, file, ending)


def _keep_file(media: Media, file: IO[bytes], ending: str) -> None:
    media.digest, media.size = measured(file)
    media.ending, media.state = ending, Media.State.READY
    store().put(key_of(media.name), file)


def _insert(actor: Actor, media: Media, now: datetime) -> tuple[Media, bool]:
    try:
        with transaction.atomic():
            media.save(force_insert=True)
            data = {"kind": media.kind, "digest": media.digest or media.source_digest, "ai": media.ai}
            audit.record(actor, "content.media_added", media, unit=media.unit, data=data)
            note(actor, now)
    except IntegrityError:
        known = _known(media.unit, media.source_digest)
        if known is None:
            raise
        return known, False
    return media, True


# Videos and sounds


def prepare_next(*, actor: Actor, now: datetime) -> bool:
    """Make the next waiting video or sound anew; False when there is none, or no ffmpeg on this machine.

    One worker at a time: it runs as a tick. Killed midway, the file is begun again after the others.
    """
    media = queries.waiting_media() if moving.is_there() else None
    if media is None:
        return False
    Media.objects.filter(pk=media.pk).update(claimed_at=now)
    with tempfile.TemporaryDirectory(prefix="toli-media-") as folder:
        try:
            _make_moving(media, Path(folder), now)
        except moving.CannotPrepare as fault:
            if fault.why == "recording":  # it waits until there is a recording that says the label
                return False
            media.state, media.refusal = Media.State.REFUSED, fault.why
        except FileGone:
            media.state, media.refusal = Media.State.REFUSED, "unreadable"
    _finish(actor, media)
    _drop_raw(media)
    return True


def _make_moving(media: Media, folder: Path, now: datetime) -> None:
    source = _copied(key_of(media.made_from.name) if media.made_from else media.raw_key, folder / "source")
    seen = moving.look_at(source, media.demuxer)
    is_video = bool(seen.width) and media.kind == Media.Kind.VIDEO
    media.kind = Media.Kind.VIDEO if is_video else Media.Kind.AUDIO
    label = _label(media, folder) if media.ai != Media.Ai.NONE else None
    if is_video:
        made = moving.video(source, media.demuxer, folder, label)
    else:
        made = moving.audio(source, media.demuxer, folder, label, seen.seconds)
    told = moving.look_at(made, "mov")
    media.width, media.height, media.seconds = told.width or None, told.height or None, told.seconds
    with made.open("rb") as file:
        _keep_file(media, file, moving.VIDEO if is_video else moving.AUDIO)
    if label is not None:
        media.ai, media.labelled_at = Media.Ai.LABELLED, now


def _label(media: Media, folder: Path) -> moving.Label:
    recording = None
    if media.kind == Media.Kind.AUDIO:
        found = queries.recording_of_label(media.unit.path)
        recording = _copied(key_of(found.name), folder / "label") if found else None
    return moving.Label(media.ai_label, media.responsible, recording)


def _copied(key: str, target: Path) -> Path:
    with store().open(key) as file, target.open("wb") as out:
        while block := file.read(BLOCK):
            out.write(block)
    return target


@transaction.atomic
def _finish(actor: Actor, media: Media) -> None:
    held = Media.objects.select_for_update().get(pk=media.pk)
    if held.state != Media.State.WAITING:  # taken out of use meanwhile
        return
    media.save()
    data = {"state": media.state, "digest": media.digest, "ai": media.ai}
    audit.record(actor, "content.media_prepared", media, unit=media.unit, data=data)


def _drop_raw(media: Media) -> None:
    """What came from the phone goes, with all it tells of the phone, unless another unit still waits for it."""
    if not Media.objects.filter(source_digest=media.source_digest, state=Media.State.WAITING, made_from=None).exists():
        store().remove(media.raw_key)


# What is said of a file later


@transaction.atomic
def declare_ai(*, actor: Actor, ref: UUID, made: Made, now: datetime) -> Media:
    """Say of a file that AI had a hand in it: it may no longer be shown, a labelled one is made from it.

    Items that show it go back to drafts at once. The labelled file; a video or sound waits for the worker. Raises
    NotFound, WrongState or BadInput.
    """
    media = queries.get_media(actor=actor, ref=ref, right="content.write", lock=True)
    rules.check_made(made)
    if media.ai != Media.Ai.NONE or media.state != Media.State.READY:
        raise WrongState(_("This was declared already, or the file is not in use."))
    if media.kind == Media.Kind.PDF:
        raise BadInput(
            _("A PDF made with AI cannot be labelled here. Take it out of use and send its pages as pictures.")
        )
    _declare(media, made, actor, now)
    media.save()
    stopped = _stop_items(media, now)
    labelled = _labelled_from(media, actor, now)
    data = {"items_stopped": stopped, "label": made.label}
    audit.record(actor, "content.ai_declared", media, unit=media.unit, data=data)
    note(actor, now)
    return labelled


def _labelled_from(media: Media, actor: Actor, now: datetime) -> Media:
    copied = (
        "unit", "kind", "demuxer", "title", "owner", "licence", "source", "shows_people", "ai_label", "ai_tool",
        "ai_maker", "responsible", "ai_declared_at", "ai_declared_by_id", "source_digest",
    )  # fmt: skip
    found = Media(made_from=media, ai=Media.Ai.UNLABELLED, added_at=now, added_by_id=actor.person_id)
    for name in copied:
        setattr(found, name, getattr(media, name))
    if media.kind == Media.Kind.IMAGE:
        with store().open(key_of(media.name)) as file:
            _keep_picture(found, file.read(), now)
    else:
        found.state, found.demuxer = Media.State.WAITING, "mov"  # as we make them
    found.save(force_insert=True)
    for one in media.persons.all():
        one.pk, one.ref, one.media = None, UUID(int=found.ref.int ^ one.ref.int), found
        one.save(force_insert=True)
    return found


def _stop_items(media: Media, now: datetime) -> int:
    """Items that show the file become drafts and lose every yes; how many."""
    items = list(Item.objects.select_for_update().filter(media=media).exclude(state=State.WITHDRAWN).order_by("pk"))
    ids = [item.pk for item in items]
    Approval.objects.filter(item_id__in=ids, withdrawn_at=None).update(withdrawn_at=now)
    Item.objects.filter(pk__in=ids).update(state=State.DRAFT, changed_at=now)
    sheets = {item.sheet_id for item in items if item.sheet_id}
    Sheet.objects.filter(pk__in=sheets).exclude(state=State.WITHDRAWN).update(state=State.DRAFT)
    return len(ids)


@transaction.atomic
def note_person(
    *, actor: Actor, ref: UUID, name: str, how: str, said_on: date, until: date | None, now: datetime
) -> PersonShown:
    """Note that somebody shown agreed to it. Raises NotFound, WrongState or BadInput."""
    media = queries.get_media(actor=actor, ref=ref, right="content.write", lock=True)
    rules.check_person(name, how, said_on, until, local_day(now))
    if media.state == Media.State.STOPPED:
        raise WrongState(_("This file was taken out of use."))
    found = PersonShown.objects.create(
        media=media, name=clean(name), how=how, said_on=said_on, until=until, noted_by_id=actor.person_id, noted_at=now
    )
    if not media.shows_people:
        media.shows_people = True
        media.save(update_fields=["shows_people"])
    audit.record(actor, "content.person_noted", media, unit=media.unit, data={"how": how, "until": str(until or "")})
    note(actor, now)
    return found


@transaction.atomic
def take_person_back(*, actor: Actor, ref: UUID, person: UUID, now: datetime) -> Media:
    """Somebody shown takes their yes back: what shows them leaves every phone at its next question. Raises NotFound."""
    media = queries.get_media(actor=actor, ref=ref, right="content.write", lock=True)
    found = queries.get_person_shown(media=media, ref=person)
    if found.taken_back_at is None:
        found.taken_back_at = now
        found.save(update_fields=["taken_back_at"])
        data = {"items_stopped": _stop_items(media, now)}
        audit.record(actor, "content.person_taken_back", media, unit=media.unit, data=data)
        note(actor, now)
    return media


def stop_ended_consents(*, actor: Actor, now: datetime) -> int:
    """Items that show somebody whose yes has ended become drafts; how many files it was about."""
    stopped = 0
    for media in queries.consents_ended(local_day(now)):
        stopped += _stop_ended(actor, media, now)
    return stopped


@transaction.atomic
def _stop_ended(actor: Actor, media: Media, now: datetime) -> int:
    held = Media.objects.select_for_update().select_related("unit").get(pk=media.pk)
    if not rules.missing_consent(held.persons.all(), local_day(now)):
        return 0
    data = {"items_stopped": _stop_items(held, now)}
    audit.record(actor, "content.consent_ended", held, unit=held.unit, data=data)
    return 1


@transaction.atomic
def stop_media(*, actor: Actor, ref: UUID, reason: str, now: datetime) -> Media:
    """Take a file out of use; what shows it becomes a draft. The file stays for whoever asks later what was shown.

    Raises NotFound or BadInput.
    """
    media = queries.get_media(actor=actor, ref=ref, right="content.write", lock=True)
    if not clean(reason):
        raise BadInput(fields={"reason": _("Please say why. It stays with the file.")})
    if media.state != Media.State.STOPPED:
        media.state, media.stopped_at, media.stopped_reason = Media.State.STOPPED, now, clean(reason)
        media.save(update_fields=["state", "stopped_at", "stopped_reason"])
        data = {"items_stopped": _stop_items(media, now)}
        audit.record(actor, "content.media_stopped", media, unit=media.unit, data=data)
        note(actor, now)
    return media


def sweep_files(*, older_than: datetime) -> int:
    """Remove files of this room that no row speaks of, left by an upload that failed after its file; how many."""
    removed = 0
    for key in store().older_than(older_than, room="content"):
        name = key.rsplit("/", 1)[-1]
        if not _spoken_of(key, name.split(".")[0]):
            store().remove(key)
            removed += 1
    return removed


def _spoken_of(key: str, digest: str) -> bool:
    if key.startswith("content/raw/"):
        return Media.objects.filter(source_digest=digest, state=Media.State.WAITING).exists()
    return queries.is_spoken_of(digest)
