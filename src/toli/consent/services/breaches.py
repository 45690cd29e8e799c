"""A breach of personal data from its notice to its closing: rule 7 of the DPDP Rules 2025. Every step is recorded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.consent.breach_parts import DATA_KINDS, LONGEST, PARTS
from toli.consent.models import Breach
from toli.consent.queries import breaches
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotAllowed, WrongState
from toli.org import access, paths
from toli.org import queries as org

State = Breach.State

# Whom it touched, in one statement each. A sealed person is told too: their number is still here.
BY_HOME = """
INSERT INTO consent_breachperson (breach_id, person_id, added_at)
SELECT %(breach)s, p.id, %(now)s FROM people_person p
JOIN org_membership m ON m.person_id = p.id AND m.valid_to IS NULL
JOIN org_unit u ON u.id = m.unit_id AND u.path >= %(lo)s AND u.path < %(hi)s
WHERE p.state = 'active' ON CONFLICT DO NOTHING
"""
BY_READER = """
INSERT INTO consent_breachperson (breach_id, person_id, added_at)
SELECT DISTINCT %(breach)s, coalesce(p.merged_into_id, p.id), %(now)s
FROM audit_personal_read r JOIN people_person p ON p.id = r.person_id
WHERE r.actor_person_id = %(reader)s AND r.at >= %(since)s AND r.at < %(until)s
  AND p.state IN ('active', 'sealed', 'merged')
ON CONFLICT DO NOTHING
"""
EVERYBODY = """
INSERT INTO consent_breachperson (breach_id, person_id, added_at)
SELECT %(breach)s, p.id, %(now)s FROM people_person p WHERE p.state IN ('active', 'sealed') ON CONFLICT DO NOTHING
"""


@transaction.atomic
def open_breach(
    *, actor: Actor, texts: Mapping[str, Mapping[str, str]], data_kinds: Collection[str], noticed_at: datetime,
    began_at: datetime | None, now: datetime,
) -> Breach:  # fmt: skip
    """Open a case; its clocks run from when it was noticed. Raises NotFound, NeedsSecondFactor or BadInput."""
    breaches.breaches(actor)
    access.require_second_factor(actor, breaches.RIGHT)
    _check(texts, data_kinds, noticed_at, began_at, now)
    found = Breach.objects.create(
        texts={tag: dict(parts) for tag, parts in texts.items()}, data_kinds=sorted(data_kinds), noticed_at=noticed_at,
        began_at=began_at, opened_at=now, opened_by_id=actor.person_id,
    )  # fmt: skip
    audit.record(actor, "consent.breach_opened", found, data={"kinds": found.data_kinds})
    return found


def _check(
    texts: Mapping[str, Mapping[str, str]], kinds: Collection[str], noticed_at: datetime, began_at: datetime | None,
    now: datetime,
) -> None:  # fmt: skip
    wrong: dict[str, Any] = {}
    for tag, parts in texts.items():
        for part in PARTS:
            if not parts.get(part, "").strip() or len(parts[part]) > LONGEST:
                wrong[f"{part}_{tag}"] = _("Please write this part, at most 1,500 letters.")
    if not kinds or set(kinds) - set(DATA_KINDS):
        wrong["data_kinds"] = _("Please choose which data it concerns.")
    if noticed_at > now:
        wrong["noticed_at"] = _("It cannot be noticed in the future.")
    if began_at is not None and began_at > noticed_at:
        wrong["began_at"] = _("It began before it was noticed.")
    if wrong:
        raise BadInput(fields=wrong)


def _open_case(actor: Actor, ref: UUID) -> Breach:
    found = breaches.get_breach(actor=actor, ref=ref, lock=True)
    if found.state == State.CLOSED:
        raise WrongState(_("This case is closed. Open a new one for what is new."))
    return found


@transaction.atomic
def add_persons(
    *, actor: Actor, ref: UUID, now: datetime, unit_ref: UUID | None = None, reader_ref: UUID | None = None,
    since: datetime | None = None, until: datetime | None = None, everybody: bool = False,
) -> int:  # fmt: skip
    """Add whom it touched: those at home in a unit, those whose data somebody read in a time, or everybody.

    One statement; how many are new. Raises NotFound, NeedsSecondFactor, BadInput or WrongState.
    """
    found = _open_case(actor, ref)
    values: dict[str, Any] = {"breach": found.pk, "now": now}
    if everybody:
        sql, how = EVERYBODY, "everybody"
    elif unit_ref is not None:
        lo, hi = paths.subtree(org.get_unit(actor=actor, ref=unit_ref).path)
        sql, how = BY_HOME, "home"
        values |= {"lo": lo, "hi": hi}
    elif reader_ref is not None and since is not None and until is not None and since < until:
        reader = org.get_person(actor=actor, ref=reader_ref)
        sql, how = BY_READER, "reader"
        values |= {"reader": reader.pk, "since": since, "until": until}
    else:
        raise BadInput(_("Please say whose data it was: a unit, what one person opened in a time, or everybody."))
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        added = int(cursor.rowcount)
    found.people_count = found.persons.count()
    found.save(update_fields=["people_count"])
    audit.record(actor, "consent.breach_persons_added", found, data={"added": added, "by": how})
    return added


@transaction.atomic
def tell_persons(*, actor: Actor, ref: UUID, now: datetime) -> Breach:
    """Tell everybody it touched: on their own page at once, and by SMS as a legal notice after the record.

    Run again it reaches those added since. Raises NotFound, NeedsSecondFactor or WrongState (nobody to tell).
    """
    found = _open_case(actor, ref)
    if not found.people_count:
        raise WrongState(_("First add whom it touched."))
    found.told_at = found.told_at or now
    found.told_by_id = found.told_by_id or actor.person_id
    found.save(update_fields=["told_at", "told_by_id"])
    audit.record(actor, "consent.breach_told", found, data={"people": found.people_count})
    return found


@transaction.atomic
def note_board_told(*, actor: Actor, ref: UUID, full: bool, now: datetime) -> Breach:
    """Note that the Board got the first description, or the full report. Raises NotFound, WrongState."""
    found = _open_case(actor, ref)
    column = "board_full_at" if full else "board_first_at"
    if getattr(found, column) is not None:
        raise WrongState(_("This was noted already."))
    setattr(found, column, now)
    found.save(update_fields=[column])
    audit.record(actor, "consent.breach_board_full" if full else "consent.breach_board_first", found)
    return found


@transaction.atomic
def propose_closing(*, actor: Actor, ref: UUID, now: datetime) -> Breach:
    """Propose to close it; a second person confirms. Raises NotFound, WrongState while a duty is open."""
    found = _open_case(actor, ref)
    if found.state == State.CLOSING:
        raise WrongState(_("Somebody proposed this already. A second person confirms."))
    if found.board_full_at is None or found.board_first_at is None or (found.people_count and found.told_at is None):
        raise WrongState(_("Before a case closes, the persons and the Board must have been told."))
    found.state, found.closing_by_id, found.closing_at = State.CLOSING, actor.person_id, now
    found.save(update_fields=["state", "closing_by_id", "closing_at"])
    audit.record(actor, "consent.breach_closing", found)
    return found


@transaction.atomic
def confirm_closing(*, actor: Actor, ref: UUID, now: datetime) -> Breach:
    """Close it as the second person. Raises NotFound, NotAllowed (the same person) or WrongState."""
    found = _open_case(actor, ref)
    if found.state != State.CLOSING:
        raise WrongState(_("Nobody has proposed to close this case."))
    if found.closing_by_id == actor.person_id:
        raise NotAllowed(_("A second person must confirm this."))
    found.state, found.closed_by_id, found.closed_at = State.CLOSED, actor.person_id, now
    found.save(update_fields=["state", "closed_by_id", "closed_at"])
    audit.record(actor, "consent.breach_closed", found)
    return found
