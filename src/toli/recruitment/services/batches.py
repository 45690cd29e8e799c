"""Batches of invitations: a file is declared and checked, then a person lets it be written, sent or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toli.audit import services as audit
from toli.delivery import services as delivery
from toli.delivery.templates import templates
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, Sentence, WrongState
from toli.kit.forbidden import refused_columns
from toli.kit.ids import uuid7
from toli.kit.text import clean
from toli.org.importing import files
from toli.org.importing.headings import Columns
from toli.org.importing.journal import digest_of
from toli.org.importing.reading import SheetRow, stream_of
from toli.people import queries as people
from toli.people import services as people_services
from toli.recruitment import inviting, queries, rules
from toli.recruitment.models import Drive, Invitation, InvitationBatch

State, Source = InvitationBatch.State, InvitationBatch.Source
TEMPLATE = "join_invitation"
NO_SOURCE: dict[str, Sentence] = {
    "electoral_roll": gettext_lazy("An electoral roll is given for the election, not to invite voters."),
    "bought": gettext_lazy("A bought list holds people who never gave you their number."),
    "scraped": gettext_lazy("Numbers gathered from groups or pages were never given to you."),
    "other": gettext_lazy("Only these three sources are known to come from the persons themselves."),
}
WHY_NOT: dict[str, Sentence] = {
    "roll": NO_SOURCE["electoral_roll"], "bought": NO_SOURCE["bought"], "scraped": NO_SOURCE["scraped"],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declared:
    """What whoever brings a file says of it."""

    source: str
    words: str
    vouched: bool
    unit_ref: UUID | None = None


def declare_batch(
    *, actor: Actor, key: str, declared: Declared, raw: bytes, name: str, on_desk: bool = True, now: datetime
) -> InvitationBatch:
    """Take a file of numbers with its declaration; it is checked next. Raises NotFound or BadInput.

    What was not given by the persons themselves is refused whole, and the names of its columns are recorded.
    """
    if on_desk and len(raw) > files.LARGEST_UPLOAD:
        raise BadInput(fields={"file": _("The file is larger than 100 MB. Cut it into parts, or use the command.")})
    drive, head = check_declared(actor=actor, key=key, declared=declared, raw=raw, now=now)
    unit = queries.get_batch_unit(actor=actor, drive=drive, ref=declared.unit_ref or drive.scope.ref)
    ref = uuid7()
    with transaction.atomic():
        batch = InvitationBatch.objects.create(
            ref=ref, drive=drive, unit=unit, source=declared.source, source_words=_words(declared.words),
            declared_by_id=actor.person_id, declared_at=now, file_name=_shown(name),
            digest=digest_of(raw, key, unit.pk),
            stored=files.store(str(ref), raw), erase_on=files.erase_day(local_day(now)), language=actor.language,
            unread=head.unread[:200], on_desk=on_desk, changed_at=now,
        )  # fmt: skip
        audit.record(actor, "recruitment.batch_declared", batch, unit=unit, data={"source": declared.source})
    return batch


def check_declared(*, actor: Actor, key: str, declared: Declared, raw: bytes, now: datetime) -> tuple[Drive, Columns]:
    """The drive, and the file's columns, where its numbers may be used. Raises NotFound, WrongState or BadInput.

    Writes nothing but the record of a refused list.
    """
    drive = queries.get_drive_in_charge(actor=actor, key=key)
    rules.check_open(drive, now=now)
    _check_declaration(actor, drive, declared)
    return drive, _check_head(actor, drive, raw)


def _words(text: str) -> str:
    return clean(text)[:200]


def _shown(name: str) -> str:
    """A file's name is only a label: no path, no control signs."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:120] or "file"


def _check_declaration(actor: Actor, drive: Drive, declared: Declared) -> None:
    if declared.source in NO_SOURCE:
        _record_refusal(actor, drive, declared.source, [])
        raise BadInput(fields={"source": _not_ours(NO_SOURCE[declared.source])})
    if declared.source not in Source.values:
        raise BadInput(fields={"source": _("Please say where the numbers come from.")})
    if len(clean(declared.words)) < 10:
        raise BadInput(fields={"words": _("Please write when and where the numbers were given, in a sentence.")})
    if not declared.vouched:
        raise BadInput(fields={"vouched": _("Without this declaration nobody is invited. Nothing was kept.")})


def _not_ours(why: Sentence) -> str:
    said = _("%(why)s Nothing was kept, and nobody is invited from it.")
    return str(said % {"why": why})


def _record_refusal(actor: Actor, drive: Drive, why: str, columns: list[str]) -> None:
    audit.record(actor, "recruitment.batch_refused", drive, unit=drive.scope, data={"why": why, "columns": columns})


def _check_head(actor: Actor, drive: Drive, raw: bytes) -> Columns:
    """The columns of a file that may be used. Raises BadInput and records the names of columns that refuse it."""
    _sheet, rows = stream_of(raw)
    first = list(islice(rows, inviting.SAMPLE))
    if not first:
        raise BadInput(fields={"file": _("The file has no rows. Nothing was kept.")})
    heading, columns, below = find_columns(first)
    cells = [row.cells for row in below]
    if forbidden := refused_columns(heading.cells, cells):
        _record_refusal(actor, drive, "forbidden", [one.column for one in forbidden])
        names = ", ".join(f"{one.column} ({one.label})" for one in forbidden)
        said = _("Toli never stores this about a person: %(names)s. Remove these columns; nothing was kept.")
        raise BadInput(fields={"file": said % {"names": names}})
    if found := inviting.columns_not_given(heading.cells, cells):
        _record_refusal(actor, drive, found[0][1], [column for column, _why in found])
        names = ", ".join(column for column, _why in found)
        said = _("%(why)s This file has its columns: %(names)s.") % {"why": WHY_NOT[found[0][1]], "names": names}
        raise BadInput(fields={"file": _not_ours(said)})
    return columns


def find_columns(first: Sequence[SheetRow]) -> tuple[SheetRow, Columns, Sequence[SheetRow]]:
    """The row of headings, its columns, and the rows below it. Raises BadInput when no column holds numbers."""
    found = inviting.INVITEES.find(first)
    if found is None:
        said = _(
            "The file needs a column of phone numbers with a heading such as “Phone” or “Mobile”. Nothing was kept."
        )
        raise BadInput(fields={"file": said})
    start, columns = found
    return first[start - 1], columns, first[start:]


@transaction.atomic
def load_batch(*, actor: Actor, ref: UUID, now: datetime) -> InvitationBatch:
    """Let a checked batch be written, or go on where it was broken off. Raises NotFound or WrongState."""
    batch = queries.get_batch(actor=actor, ref=ref, lock=True)
    if batch.state not in (State.CHECKED, State.FAILED):
        raise WrongState()
    files.path_of(batch)
    _become(batch, State.LOADING if batch.parts or batch.state == State.CHECKED else State.CHECKING, now, why="")
    audit.record(actor, "recruitment.batch_started", batch, unit=batch.unit, data={"rows": batch.fit})
    return batch


@transaction.atomic
def send_batch(
    *, actor: Actor, ref: UUID, template: str, number: str, committee: str, valid_until: datetime, now: datetime
) -> InvitationBatch:
    """Let the one message of each invitation go out, with the certificate the law asks for bulk SMS that ask to join.

    Source: the Election Commission's order of 9 October 2025 (domain.md 1.4, rule 7), and the operators' registration
    of every text (TCCCPR 2018). Raises NotFound, BadInput or WrongState.
    """
    batch = queries.get_batch(actor=actor, ref=ref, lock=True)
    if batch.state != State.LOADED or batch.send_from is not None:
        raise WrongState()
    rules.check_open(batch.drive, now=now)
    if clean(template) not in templates()[TEMPLATE].ids.values():
        raise BadInput(
            fields={"template": _("This is not the number under which the text of the message is registered.")}
        )
    if not clean(number) or not clean(committee):
        raise BadInput(fields={"number": _("Bulk SMS of a campaign need the certificate of the media committee.")})
    if valid_until <= now:
        raise BadInput(fields={"valid_until": _("This certificate has run out.")})
    batch.certificate = {
        "number": clean(number)[:80], "committee": clean(committee)[:120], "valid_until": valid_until.isoformat(),
        "file_hash": delivery.hash_of(TEMPLATE, message_values(batch.drive)), "template": clean(template),
    }  # fmt: skip
    batch.send_from = now
    batch.save(update_fields=["certificate", "send_from"])
    audit.record(actor, "recruitment.batch_sent", batch, unit=batch.unit, data={"invitations": batch.made})
    return batch


def message_values(drive: Drive) -> dict[str, str]:
    """What every message of a drive says alike, and what the certificate is for; the link comes beside it."""
    return {"drive": drive.names.get("hi") or drive.key}


@dataclass(frozen=True, slots=True)
class TakenBack:
    removed: int
    kept: int


@transaction.atomic
def undo_batch(*, actor: Actor, ref: UUID, partly: bool, files_too: bool = True, now: datetime) -> TakenBack:
    """Take the invitations of a batch back. What was sent or answered cannot be: raises WrongState unless `partly`.

    Raises NotFound or WrongState.
    """
    batch = queries.get_batch(actor=actor, ref=ref, lock=True)
    if batch.is_running or batch.state == State.UNDONE:
        raise WrongState()
    found = queries.standing(batch)
    if found.sent and not partly:
        said = _("%(sent)d of these invitations were sent or answered and stay. You can take the other %(free)d back.")
        raise WrongState(said % {"sent": found.sent, "free": found.free})
    removed = _remove_unsent(batch)
    if files_too:
        files.erase([batch])
        batch.stored = ""
    _become(batch, State.UNDONE, now, send_from=None, made=found.sent)
    data = {"removed": removed, "kept": found.sent}
    audit.record(actor, "recruitment.batch_undone", batch, unit=batch.unit, data=data)
    return TakenBack(removed, found.sent)


# Locked in the order of ids, as the sender takes them: what it has taken is sent, and stays.
TAKE_BACK = """
DELETE FROM recruitment_invitation WHERE batch_id = %(batch)s AND sent_at IS NULL AND application_id IS NULL
RETURNING invitee_id
"""


def _remove_unsent(batch: InvitationBatch) -> int:
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, {"batch": batch.pk})
        ids = [row[0] for row in cursor.fetchall()]
    people_services.drop_invitees(ids=ids)
    return len(ids)


def answer_invitation(*, token: str, application_ref: UUID, now: datetime) -> bool:
    """Note that an application came by this link; False for a link that is no longer ours. In the join's transaction.

    The number others gave is wiped when it is the number of the person who joined.
    """
    number = inviting.id_of(token)
    answered = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("invitee")
        .filter(pk=number, application=None, batch__drive__applications__ref=application_ref)
        .first()
    )
    if answered is None:
        return False
    application = answered.batch.drive.applications.select_related("person").get(ref=application_ref)
    answered.application, application.source = application, "invitation"
    answered.save(update_fields=["application"])
    application.save(update_fields=["source"])
    index = answered.invitee.index
    if index is not None and bytes(index) == people.number_index_of(application.person):
        people_services.invitee_became(invitee=answered.invitee, person=application.person)
    return True


# Each takes its one message with it: an invitation without a message in the outbox was never sent.
TO_SEND = """
SELECT i.id, i.invitee_id, i.unit_id FROM recruitment_invitation i
JOIN recruitment_invitationbatch b ON b.id = i.batch_id JOIN recruitment_drive d ON d.id = b.drive_id
WHERE b.id = %(batch)s AND i.sent_at IS NULL AND i.application_id IS NULL AND NOT i.unit_id = ANY(%(silent)s)
ORDER BY i.id LIMIT %(most)s FOR UPDATE OF i SKIP LOCKED
"""
AT_ONCE = 500


@transaction.atomic
def send_invitations(*, now: datetime) -> int:
    """Put the next messages of released batches into the outbox; how many. Where silence holds, they wait."""
    open_now = InvitationBatch.objects.select_related("drive").filter(send_from__lte=now, state=State.LOADED)
    for batch in open_now.order_by("send_from", "id"):
        if rules.is_open(batch.drive, now=now) and (sent := _send_some(batch, now)):
            return sent
    return 0


def _send_some(batch: InvitationBatch, now: datetime) -> int:
    assert batch.certificate is not None
    silent: list[int] = []
    while True:
        with connection.cursor() as cursor:
            cursor.execute(TO_SEND, {"batch": batch.pk, "silent": silent, "most": AT_ONCE})
            rows = cursor.fetchall()
        laws = queries.units_of_law((unit for _pk, _invitee, unit in rows), now=now)
        speaking = [row for row in rows if row[2] in laws]
        if speaking or not rows:
            break
        silent += {unit for _pk, _invitee, unit in rows} - set(laws)
    if not speaking:
        return 0
    made = delivery.queue_invitations(
        template=TEMPLATE, values=message_values(batch.drive), certificate=batch.certificate, now=now,
        invitations=[(invitee, inviting.token_of(pk), laws[unit]) for pk, invitee, unit in speaking],
    )  # fmt: skip
    Invitation.objects.filter(pk__in=[pk for pk, _invitee, _unit in speaking]).update(sent_at=now)
    return made


def erase_batch_files(*, now: datetime) -> int:
    """Erase uploads and refused rows whose 30 days are over; how many batches."""
    due = list(InvitationBatch.objects.filter(erase_on__lte=local_day(now)).exclude(stored=""))
    files.erase(due)
    return InvitationBatch.objects.filter(pk__in=[one.pk for one in due]).update(stored="")


def _become(batch: InvitationBatch, state: str, now: datetime, **values: object) -> None:
    batch.state, batch.changed_at = State(state), now
    for name, value in values.items():
        setattr(batch, name, value)
    batch.save()
