"""What becomes of an application: taken back, answered with a seat, settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.consent.purposes import BASE
from toli.kit.actor import Actor
from toli.kit.errors import WrongState
from toli.org import queries as org_queries
from toli.org import services as org
from toli.recruitment import queries, rules
from toli.recruitment.models import Application
from toli.recruitment.services.past import check_reason, note_past

State = Application.State


@transaction.atomic
def withdraw(*, actor: Actor, ref: UUID, now: datetime) -> Application:
    """Take back one's own application; an offer made on it is declined. Raises NotFound or WrongState."""
    found = queries.get_own_application(actor=actor, ref=ref, lock=True)
    if found.state == State.WITHDRAWN:
        return found
    if found.state == State.PLACED:
        raise WrongState(_("You already sit in a team. To leave it, open your seat and give it back."))
    if found.state == State.OFFERED and found.appointment_ref is not None:
        org.decline_offer(actor=actor, ref=found.appointment_ref, now=now)
    _change(found, State.WITHDRAWN, now)
    audit.record(actor, "recruitment.withdrawn", found, unit=found.unit)
    return found


def _change(application: Application, state: State, now: datetime, offer: UUID | None = None) -> None:
    application.state, application.changed_at, application.appointment_ref = state, now, offer
    application.set_aside = None
    application.save(update_fields=["state", "changed_at", "appointment_ref", "set_aside"])


@transaction.atomic
def offer_seat(*, actor: Actor, ref: UUID, seat_ref: UUID, now: datetime, reason: str = "") -> Application:
    """Offer a vacant seat to an applicant by hand. Raises NotFound, NotAllowed, WrongState, or BadInput.

    A seat that a running drive promised to its own placement needs a reason, which its board shows.
    """
    found = queries.get_application(actor=actor, ref=ref, lock=True)
    rules.check_offerable(found)
    place = queries.promised_place(org_queries.get_seat(actor=actor, ref=seat_ref, right="org.offer"), now=now)
    reason = check_reason(reason, found.person) if place else ""
    offer = org.offer_seat(actor=actor, seat_ref=seat_ref, person_ref=found.person.ref, now=now)
    _change(found, State.OFFERED, now, offer.ref)
    if place:
        note_past(actor=actor, appointment=offer, place=place, reason=reason, now=now)
    audit.record(actor, "recruitment.offered", found, unit=found.unit, data={"seat": str(seat_ref)})
    return found


# Records of org name the offer; a lapse is one record with a row per offer.
OFFERS_OF_RECORDS = """
WITH answered AS (
    SELECT target_ref AS ref FROM audit_record WHERE id = ANY(%(records)s)
    UNION SELECT target_ref FROM audit_batch_row WHERE record_id = ANY(%(records)s)
)
UPDATE recruitment_application a
SET state = %(state)s, changed_at = %(now)s,
    appointment_ref = CASE WHEN %(state)s = 'placed' THEN a.appointment_ref END
FROM answered WHERE a.appointment_ref = answered.ref AND a.state = 'offered'
RETURNING a.ref, a.unit_id
"""


@transaction.atomic
def settle_offers(*, actor: Actor, record_ids: Sequence[int], placed: bool, now: datetime) -> int:
    """Follow what became of offers: placed when accepted, waiting again when not. How many; safe to repeat."""
    state = State.PLACED if placed else State.SUBMITTED
    with connection.cursor() as cursor:
        cursor.execute(OFFERS_OF_RECORDS, {"records": list(record_ids), "state": state.value, "now": now})
        rows = cursor.fetchall()
    if rows:
        batch = [audit.BatchTarget("recruitment.application", ref, unit_id) for ref, unit_id in rows]
        verb = "recruitment.placed" if placed else "recruitment.reopened"
        audit.record(actor, verb, None, data={"applications": len(rows)}, batch=batch)
    return len(rows)


# Who took back the consent to be organised, or whose data was sealed, is no applicant any more.
LEAVERS = """
UPDATE recruitment_application a SET state = 'withdrawn', changed_at = %(now)s, appointment_ref = NULL
FROM audit_record r JOIN people_person p ON p.ref = r.target_ref
WHERE r.id = ANY(%(records)s) AND a.person_id = p.id AND a.state IN ('submitted', 'offered')
  AND (r.verb <> 'consent.withdrawn' OR r.data->>'purpose' = %(base)s)
RETURNING a.ref, a.unit_id
"""


@transaction.atomic
def withdraw_leavers(*, actor: Actor, record_ids: Sequence[int], now: datetime) -> int:
    """Withdraw the applications of persons who left. How many; safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute(LEAVERS, {"records": list(record_ids), "now": now, "base": BASE})
        rows = cursor.fetchall()
    if rows:
        batch = [audit.BatchTarget("recruitment.application", ref, unit_id) for ref, unit_id in rows]
        audit.record(actor, "recruitment.withdrawn", None, data={"applications": len(rows)}, batch=batch)
    return len(rows)


# An application stays with the entry that went only where the kept one had applied to the same drive.
DOUBLES = """
UPDATE recruitment_application a SET state = 'withdrawn', changed_at = %(now)s, appointment_ref = NULL,
    set_aside = jsonb_build_object('state', a.state, 'appointment', a.appointment_ref)
FROM audit_batch_row b JOIN people_person p ON p.ref = b.target_ref AND p.state = 'merged'
WHERE b.record_id = ANY(%(records)s) AND a.person_id = p.id AND a.state IN ('submitted', 'offered')
RETURNING a.ref, a.unit_id
"""


@transaction.atomic
def withdraw_doubles(*, actor: Actor, record_ids: Sequence[int], now: datetime) -> int:
    """Withdraw what two joined entries had applied for twice. How many; safe to repeat."""
    return _follow_join(actor, DOUBLES, "recruitment.withdrawn", record_ids, now)


def _follow_join(actor: Actor, statement: str, verb: str, record_ids: Sequence[int], now: datetime) -> int:
    """Run what follows these records of joined or parted entries; one record of all applications it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"records": list(record_ids), "now": now})
        rows = cursor.fetchall()
    if rows:
        batch = [audit.BatchTarget("recruitment.application", ref, unit_id) for ref, unit_id in rows]
        audit.record(actor, verb, None, data={"applications": len(rows)}, batch=batch)
    return len(rows)


# With its offer where that stands again, or was accepted; else it waits for a seat.
PUT_BACK = """
UPDATE recruitment_application a SET changed_at = %(now)s, set_aside = NULL,
    state = CASE o.state WHEN 'offered' THEN 'offered' WHEN 'accepted' THEN 'placed' ELSE 'submitted' END,
    appointment_ref = o.ref
FROM audit_batch_row b
JOIN people_person p ON p.ref = b.target_ref AND p.state = 'active'
JOIN recruitment_application s ON s.person_id = p.id AND s.state = 'withdrawn' AND s.set_aside IS NOT NULL
LEFT JOIN org_appointment o ON o.ref = (s.set_aside->>'appointment')::uuid AND o.person_id = p.id
  AND o.state IN ('offered', 'accepted')
WHERE b.record_id = ANY(%(records)s) AND a.id = s.id
RETURNING a.ref, a.unit_id
"""


@transaction.atomic
def restore_doubles(*, actor: Actor, record_ids: Sequence[int], now: datetime) -> int:
    """Put back what was withdrawn as a double, once the two entries are parted. How many; safe to repeat."""
    return _follow_join(actor, PUT_BACK, "recruitment.reopened", record_ids, now)
