"""Offering, accepting, handing over and ending seats. A seat's row is the lock of everything that happens on it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.accounts import services as accounts
from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotAllowed, NotFound, WrongState
from toli.org import access, queries, rules
from toli.org.models import Activity, Appointment, NamedHolder, Seat
from toli.org.services.counts import VERIFIED_FOR_DAYS, DeltaRow, add_counts, note_act, seat_rows
from toli.org.services.delegations import end_delegations_of
from toli.people.models import Person

OFFER_LIVES = timedelta(days=3)
State = Appointment.State


@transaction.atomic
def offer_seat(
    *,
    actor: Actor,
    seat_ref: UUID,
    person_ref: UUID,
    now: datetime,
    lives: timedelta = OFFER_LIVES,
    acting: bool = False,
) -> Appointment:
    """Offer a vacant seat to a person in charge. Raises NotFound, NotAllowed, BadInput or WrongState when it is
    taken.
    """
    seat = queries.get_seat_to_offer(actor=actor, ref=seat_ref, lock=True)
    person = queries.get_person(actor=actor, ref=person_ref)
    rules.check_offerable(seat=seat, now=now)
    if person.pk == actor.person_id:
        raise NotAllowed(_("Nobody offers a seat to themselves."))
    _check_fits(seat, person)
    _check_vacant(seat, acting=acting)
    try:
        with transaction.atomic():
            offer = Appointment.objects.create(
                seat=seat,
                person=person,
                offered_by_id=actor.person_id,
                offered_at=now,
                offer_expires_at=now + lives,
                acting=acting,
            )
    except IntegrityError:
        raise WrongState(_("Somebody offered this seat a moment ago. Nothing was sent; please look again.")) from None
    add_counts(seat_rows(seat, "offered", 1))
    audit.record(actor, "org.offered", offer, unit=seat.unit, data={"seat": str(seat.ref)})
    return offer


def _check_fits(seat: Seat, person: Person) -> None:
    sits = Appointment.objects.filter(
        person=person, state__in=[State.OFFERED, State.ACCEPTED], seat__unit_id=seat.unit_id,
        seat__team_kind_id=seat.team_kind_id, seat__wing_id=seat.wing_id, seat__closed_at=None,
    )  # fmt: skip
    if sits.exists():
        raise WrongState(_("This person already sits in this team, or has an offer from it."))


def _check_vacant(seat: Seat, *, acting: bool) -> None:
    on_seat = Appointment.objects.filter(seat=seat, acting=acting)
    if on_seat.filter(state=State.ACCEPTED, handing_over_until=None).exists():
        raise WrongState(_("This seat has been filled in the meantime. Nothing was sent."))
    if on_seat.filter(state=State.OFFERED).exists():
        raise WrongState(_("This seat is already offered to somebody. Nothing was sent."))


@transaction.atomic
def accept_offer(*, actor: Actor, ref: UUID, now: datetime) -> Appointment:
    """Accept one's own offer: the seat is filled. Accepting twice answers the same. Raises NotFound or WrongState."""
    offer = queries.get_appointment(actor=actor, ref=ref, lock=True)
    if offer.state == State.ACCEPTED:
        return offer
    rules.check_acceptable(offer, now=now)
    if _held_by_another(offer):
        raise WrongState(
            _(
                "Somebody else took this seat a moment ago. Thank you for saying yes: your"
                " coordinator sees it and can offer you another."
            )
        )
    _fill(offer, now=now)
    add_counts(seat_rows(offer.seat, "offered", -1))
    audit.record(actor, "org.accepted", offer, unit=offer.seat.unit, data={"seat": str(offer.seat.ref)})
    return offer


def _held_by_another(offer: Appointment) -> bool:
    return (
        Appointment.objects.filter(
            seat_id=offer.seat_id, acting=offer.acting, state=State.ACCEPTED, handing_over_until=None
        )
        .exclude(pk=offer.pk)
        .exists()
    )


def _fill(appointment: Appointment, *, now: datetime) -> None:
    """Accepted from now until the seat closes, and counted; the caller holds the seat's lock."""
    note_act(person_id=appointment.person_id, now=now)
    appointment.state = State.ACCEPTED
    appointment.accepted_at = appointment.valid_from = now
    appointment.valid_to = appointment.valid_to or appointment.seat.closes_at
    appointment.save()
    add_counts(_holder_rows(appointment, +1, now))


def _holder_rows(appointment: Appointment, sign: int, now: datetime) -> list[DeltaRow]:
    """What one holder counts for: accepted, verified, active today, silent."""
    seat, person = appointment.seat, appointment.person
    rows = seat_rows(seat, "accepted", sign)
    since = now - timedelta(days=VERIFIED_FOR_DAYS)
    if not person.duplicate_flag and person.contact_points.filter(valid_to=None, verified_at__gt=since).exists():
        rows += seat_rows(seat, "verified", sign)
    activity = Activity.objects.filter(person_id=person.pk).first()
    if activity is not None and activity.last_act_on == local_day(now):
        rows += seat_rows(seat, "active", sign, local_day(now))
    if activity is not None and activity.silent:
        rows += seat_rows(seat, "silent", sign)
    return rows


@transaction.atomic
def decline_offer(*, actor: Actor, ref: UUID, now: datetime) -> Appointment:
    """Say no to one's own offer; the seat is vacant again. Raises NotFound or WrongState."""
    offer = queries.get_appointment(actor=actor, ref=ref, lock=True)
    if offer.state == State.DECLINED:
        return offer
    _close_offer(offer, State.DECLINED, now)
    note_act(person_id=offer.person_id, now=now)
    audit.record(actor, "org.declined", offer, unit=offer.seat.unit)
    return offer


@transaction.atomic
def withdraw_offer(*, actor: Actor, ref: UUID, now: datetime) -> Appointment:
    """Take back an offer that was not answered. Raises NotFound, NotAllowed or WrongState."""
    offer = queries.get_appointment(actor=actor, ref=ref, right="org.offer", lock=True)
    access.require(actor, rules.right_to_offer(offer.seat), offer.seat.unit, offer.seat.wing_id)
    _close_offer(offer, State.WITHDRAWN, now)
    audit.record(actor, "org.offer_withdrawn", offer, unit=offer.seat.unit)
    return offer


def _close_offer(offer: Appointment, state: Appointment.State, now: datetime) -> None:
    if offer.state != State.OFFERED:
        raise WrongState(_("This offer has already been answered."))
    offer.state, offer.ended_at = state, now
    offer.save(update_fields=["state", "ended_at"])
    add_counts(seat_rows(offer.seat, "offered", -1))


@transaction.atomic
def end_appointment(*, actor: Actor, ref: UUID, reason: str, now: datetime) -> Appointment:
    """End somebody's term now (or one's own); the seat is vacant. Raises NotFound, BadInput or WrongState."""
    found = _own_or_in_charge(actor, ref, "org.end")
    if not reason.strip():
        raise BadInput(fields={"reason": _("Please give a reason; it is kept with the record.")})
    if found.state != State.ACCEPTED:
        raise WrongState(_("This appointment has already ended."))
    _end(found, reason=reason, now=now)
    audit.record(actor, "org.ended", found, unit=found.seat.unit, data={"reason": reason})
    return found


@transaction.atomic
def leave_seat(*, actor: Actor, ref: UUID, now: datetime) -> Appointment:
    """Give back one's own seat; nobody does it in another's name. Raises NotFound or WrongState."""
    queries.get_appointment(actor=actor, ref=ref, lock=True)
    return end_appointment(actor=actor, ref=ref, reason="own wish", now=now)


def _own_or_in_charge(actor: Actor, ref: UUID, right: str) -> Appointment:
    try:
        return queries.get_appointment(actor=actor, ref=ref, lock=True)
    except NotFound:
        return queries.get_appointment(actor=actor, ref=ref, right=right, lock=True)


def _end(appointment: Appointment, *, reason: str, now: datetime) -> None:
    if appointment.counts:
        add_counts(_holder_rows(appointment, -1, now))
    appointment.state, appointment.ended_at, appointment.end_reason = State.ENDED, now, reason
    appointment.valid_to = max(now, appointment.valid_from or now)
    appointment.save()


@transaction.atomic
def suspend_now(*, actor: Actor, ref: UUID, reason: str, now: datetime) -> Appointment:
    """Stop a holder at once: rights end with this transaction, their sessions die, open work moves by flow.

    Raises NotFound, NotAllowed (nobody suspends themselves), BadInput or WrongState.
    """
    found = queries.get_appointment(actor=actor, ref=ref, right="org.suspend", lock=True)
    if found.person_id == actor.person_id:
        raise NotAllowed(_("Nobody suspends themselves."))
    if not reason.strip():
        raise BadInput(fields={"reason": _("Please give a reason; it is kept with the record.")})
    if not found.is_live:
        raise WrongState(_("This person is not at work on this seat."))
    if found.counts:
        add_counts(_holder_rows(found, -1, now))
    found.suspended_at = now
    found.save(update_fields=["suspended_at"])
    end_delegations_of(actor=actor, appointment=found, now=now)
    if found.person.holder_id is not None:
        accounts.end_sessions(actor=actor, holder_id=found.person.holder_id)
    audit.record(actor, "org.suspended", found, unit=found.seat.unit, data={"reason": reason})
    return found


@transaction.atomic
def restore(*, actor: Actor, ref: UUID, now: datetime) -> Appointment:
    """Lift a suspension; an acting charge on the seat ends with it. Raises NotFound or WrongState."""
    found = queries.get_appointment(actor=actor, ref=ref, right="org.suspend", lock=True)
    if found.person_id == actor.person_id:
        raise NotAllowed(_("Nobody lifts their own suspension."))
    if found.state != State.ACCEPTED or found.suspended_at is None:
        raise WrongState(_("This person is not suspended."))
    for acting in Appointment.objects.select_related("seat", "person").filter(
        seat=found.seat, acting=True, state=State.ACCEPTED
    ):
        _end(acting, reason="holder is back", now=now)
    found.suspended_at = None
    found.save(update_fields=["suspended_at"])
    if found.counts:
        add_counts(_holder_rows(found, +1, now))
    audit.record(actor, "org.restored", found, unit=found.seat.unit)
    return found


@transaction.atomic
def hand_over(*, actor: Actor, ref: UUID, to_person_ref: UUID, overlap: timedelta, now: datetime) -> Appointment:
    """Offer the seat to a successor while the present holder stays for `overlap` (at most 30 days): returns the offer.

    The outgoing term ends with the overlap, whether or not the successor accepts. Raises as `offer_seat`.
    """
    outgoing = _own_or_in_charge(actor, ref, "org.end")
    if not outgoing.is_live or outgoing.handing_over_until is not None:
        raise WrongState(_("This seat is not held, or is already being handed over."))
    if not timedelta(0) <= overlap <= rules.LONGEST_OVERLAP:
        raise BadInput(fields={"overlap": _("The overlap may last 30 days at most.")})
    add_counts(_holder_rows(outgoing, -1, now))
    outgoing.handing_over_until = outgoing.valid_to = now + overlap
    outgoing.save(update_fields=["handing_over_until", "valid_to"])
    audit.record(actor, "org.handed_over", outgoing, unit=outgoing.seat.unit, data={"seat": str(outgoing.seat.ref)})
    return offer_seat(actor=actor, seat_ref=outgoing.seat.ref, person_ref=to_person_ref, now=now)


@transaction.atomic
def give_acting_charge(
    *, actor: Actor, seat_ref: UUID, person_ref: UUID, until: datetime, now: datetime
) -> Appointment:
    """Offer a seat to somebody for a time while its holder is away or suspended. Raises as `offer_seat`."""
    if until <= now:
        raise BadInput(fields={"until": _("The acting charge must end in the future.")})
    offer = offer_seat(actor=actor, seat_ref=seat_ref, person_ref=person_ref, now=now, acting=True)
    offer.valid_to = until
    offer.save(update_fields=["valid_to"])
    audit.record(actor, "org.charge_given", offer, unit=offer.seat.unit, data={"until": until.isoformat()})
    return offer


def claim(*, actor: Actor, named: NamedHolder, person: Person, now: datetime) -> Appointment:
    """Put the claimant of a named seat on it; the caller runs the transaction. Raises WrongState when it is taken."""
    seat = Seat.objects.select_for_update(of=("self",)).select_related("unit__level", "role").get(pk=named.seat_id)
    rules.check_offerable(seat=seat, now=now)
    _check_fits(seat, person)
    if Appointment.objects.filter(seat=seat, state=State.ACCEPTED, acting=False, handing_over_until=None).exists():
        raise WrongState(
            _("Somebody else took this seat a moment ago. Your coordinator sees it and can offer you another.")
        )
    found = Appointment(seat=seat, person=person, offered_at=now)
    _fill(found, now=now)
    return found


LAPSE = """
WITH lapsed AS (
    UPDATE org_appointment a SET state = 'lapsed', ended_at = %(now)s
    FROM org_seat s WHERE s.id = a.seat_id AND a.state = 'offered' AND a.offer_expires_at <= %(now)s
    RETURNING a.ref, s.unit_id, s.wing_id
), counted AS (
    INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
    SELECT unit_id, w.wing_id, 'offered', DATE '1970-01-01', -count(*) FROM lapsed
    CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(lapsed.wing_id, 0)) AS w(wing_id) GROUP BY 1, 2
)
SELECT ref, unit_id FROM lapsed
"""


@transaction.atomic
def lapse_offers(*, actor: Actor, now: datetime) -> int:
    """Close every offer whose time has passed, in one statement; how many."""
    with connection.cursor() as cursor:
        cursor.execute(LAPSE, {"now": now})
        rows = cursor.fetchall()
    if rows:
        batch = [audit.BatchTarget("org.appointment", ref, unit_id) for ref, unit_id in rows]
        audit.record(actor, "org.offer_lapsed", None, data={"offers": len(rows)}, batch=batch)
    return len(rows)


def end_terms(*, actor: Actor, now: datetime) -> int:
    """End appointments whose term has run out; how many. Rights ended at that minute already: `actor_for` reads the
    term.
    """
    due = Appointment.objects.filter(state=State.ACCEPTED, valid_to__lte=now).values_list("pk", "seat_id")
    ended = 0
    for pk, seat_id in list(due[:1000]):
        with transaction.atomic():
            Seat.objects.select_for_update().get(pk=seat_id)
            found = (
                Appointment.objects.select_related("seat__unit", "person")
                .select_for_update(of=("self",))
                .filter(pk=pk, state=State.ACCEPTED, valid_to__lte=now)
                .first()
            )
            if found is None:
                continue
            _end(found, reason="term over", now=now)
            audit.record(actor, "org.ended", found, unit=found.seat.unit, data={"reason": "term over"})
            ended += 1
    return ended
