"""Writes of a sheet: up to 200 slogans, sent and approved together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from toli.audit import services as audit
from toli.content import compliance, queries, rules
from toli.content.models import APPROVALS_NEEDED, Answer, Item, Sheet, State
from toli.content.services.items import answers_of, check_papers, insert, keep_answers, note
from toli.content.wording import Wording, clean
from toli.kit.actor import Actor
from toli.org import access
from toli.org.models import Unit


@dataclass(frozen=True, slots=True)
class Slogan:
    """One line of a sheet in its languages."""

    texts: dict[str, str]


@transaction.atomic
def make_sheet(
    *,
    actor: Actor,
    unit: Unit,
    title: str,
    slogans: Sequence[Slogan],
    sources: dict[str, str],
    matter: str,
    now: datetime,
) -> Sheet:
    """A sheet of slogans of one kind with one source line. Raises NotAllowed, BadInput or LimitReached."""
    access.require(actor, "content.write", unit)
    rules.check_sheet_size(len(slogans))
    wordings = [Wording(kind=Item.Kind.SLOGAN, matter=matter, texts=s.texts, sources=sources) for s in slogans]
    for wording in wordings:
        rules.check_wording(wording)
    sheet = Sheet.objects.create(unit=unit, title=clean(title), written_by_id=actor.person_id, written_at=now)
    for place, wording in enumerate(wordings, start=1):
        insert(actor, unit, wording, now, sheet=sheet, place=place)
    audit.record(actor, "content.sheet_made", sheet, unit=unit, data={"slogans": len(wordings)})
    note(actor, now)
    return sheet


@transaction.atomic
def submit_sheet(*, actor: Actor, ref: UUID, now: datetime) -> Sheet:
    """Send the drafts of a sheet for approval; what is already approved on it stays approved."""
    sheet = queries.get_sheet(actor=actor, ref=ref, right="content.write", lock=True)
    rules.check_submittable(sheet.state)
    sent = Item.objects.filter(sheet=sheet, state=State.DRAFT).update(state=State.SUBMITTED, changed_at=now)
    sheet.state, sheet.submitted_at = State.SUBMITTED, now
    sheet.save(update_fields=["state", "submitted_at"])
    audit.record(actor, "content.sheet_submitted", sheet, unit=sheet.unit, data={"slogans": sent})
    note(actor, now)
    return sheet


SAY_YES = """
INSERT INTO content_approval (item_id, hash, sheet_id, person_id, seat_id, at, senior, on_duty, points)
SELECT id, hash, sheet_id, %(person)s, %(seat)s, %(now)s, %(senior)s, false, %(points)s
FROM content_item WHERE id = ANY(%(items)s)
ON CONFLICT (item_id, hash, person_id) WHERE withdrawn_at IS NULL DO NOTHING
"""

CLEAR = """
UPDATE content_item i SET state = 'approved', changed_at = %(now)s
WHERE i.sheet_id = %(sheet)s AND i.state = 'submitted' AND {cleared}
"""


@transaction.atomic
def approve_sheet(
    *,
    actor: Actor,
    ref: UUID,
    seen_hash: str,
    now: datetime,
    reasons: Mapping[str, str] | None = None,
    points: Collection[str] = (),
) -> Sheet:
    """Say yes to every slogan of the sheet as it was shown: a list of hashes. Few statements for 200 slogans.

    `reasons` and `points` as for one item; a reason's key begins with the slogan's number on the sheet: 3-hi-abuse-0.
    Raises NotFound, NeedsSecondFactor, WrongState when one of them changed since, NotAllowed for one's own, BadInput.
    """
    sheet = queries.get_sheet(actor=actor, ref=ref, right="content.approve", lock=True)
    items = [item for item in queries.items_of_sheet(sheet, lock=True) if item.state != State.WITHDRAWN]
    authors = queries.authors_of([item.pk for item in items])
    rules.check_sheet_approvable(sheet, items, seen_hash=seen_hash, by=actor.person_id, authors=authors)
    for item in items:
        check_papers(item, now)
    answers = _answers(items, reasons or {})
    rules.check_points(points, needed=queries.are_under_the_code(items, now=now))
    with connection.cursor() as cursor:
        senior = access.may(actor, "content.approve_careful", sheet.unit)
        values = {"person": actor.person_id, "seat": actor.seat_id, "now": now, "senior": senior,
                  "items": [item.pk for item in items], "points": sorted(points)}  # fmt: skip
        cursor.execute(SAY_YES, values)
        said = cursor.rowcount
        for item, found in answers:
            keep_answers(actor, item, found, now)
        cursor.execute(
            CLEAR.format(cleared=queries.IS_CLEARED), {"now": now, "sheet": sheet.pk, "needed": APPROVALS_NEEDED}
        )
        cleared = cursor.rowcount
    if not said:
        return sheet
    if not Item.objects.filter(sheet=sheet, state__in=[State.DRAFT, State.SUBMITTED]).exists():
        sheet.state = State.APPROVED
        sheet.save(update_fields=["state"])
    batch = [audit.BatchTarget(kind="content.item", ref=item.ref, unit_id=item.unit_id) for item in items]
    data = {"hash": seen_hash, "slogans": said, "cleared": cleared}
    audit.record(actor, "content.sheet_approved", sheet, unit=sheet.unit, data=data, batch=batch)
    note(actor, now)
    return sheet


def _answers(items: Sequence[Item], reasons: Mapping[str, str]) -> list[tuple[Item, list[Answer]]]:
    """As for one item, for all of them at once. Raises BadInput naming every passage without a reason."""
    said = queries.reasons_of_all(items)
    missing: dict[str, compliance.Question] = {}
    found: list[tuple[Item, list[Answer]]] = []
    for item in items:
        mine = f"{item.place}-"
        own = {key.removeprefix(mine): why for key, why in reasons.items() if key.startswith(mine)}
        asked = compliance.questions(queries.wording_of(item))
        missing |= {mine + q.key: q for q in compliance.unanswered(asked, {**own, **said[item.pk]})}
        found.append((item, answers_of(item, asked, own, said[item.pk])))
    rules.check_answered(missing)
    return found
