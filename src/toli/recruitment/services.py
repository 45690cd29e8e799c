"""Every write of recruitment: drives, the join, offers, and what became of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.accounts import queries as accounts
from toli.audit import services as audit
from toli.consent import queries as consent
from toli.consent.purposes import BASE
from toli.kit import secrets
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.kit.ids import new_receipt, uuid7
from toli.kit.text import clean, fold
from toli.org import access
from toli.org import services as org
from toli.org.models import Unit
from toli.people import queries as people
from toli.people.services import check_birth_year, check_name
from toli.recruitment import queries, rules
from toli.recruitment.joining import JOIN
from toli.recruitment.models import Application, Drive

State = Application.State


@dataclass(frozen=True, slots=True)
class Joined:
    """What a person takes away."""

    ref: UUID
    receipt: str


RECEIPT_TRIES = 5


@transaction.atomic
def open_drive(
    *,
    actor: Actor,
    key: str,
    names: dict[str, str],
    scope: Unit,
    opens_at: datetime,
    closes_at: datetime | None = None,
    intro: dict[str, str] | None = None,
    levels: Sequence[str] = (),
    wings: Sequence[str] = (),
) -> Drive:
    """Open a call to join with a page of its own. Raises NotFound, NotAllowed or BadInput."""
    access.require(actor, "recruitment.manage", scope)
    if key in rules.RESERVED_KEYS or Drive.objects.filter(key=key).exists():
        raise BadInput(fields={"key": _("There is already a page with this address. Please choose another word.")})
    if closes_at is not None and closes_at <= opens_at:
        raise BadInput(fields={"closes_at": _("The end must come after the beginning.")})
    drive = Drive.objects.create(
        key=key, names=names, intro=intro or {}, scope=scope, levels=list(levels), wings=list(wings),
        opens_at=opens_at, closes_at=closes_at, opened_by_id=actor.person_id,
    )  # fmt: skip
    audit.record(actor, "recruitment.drive_opened", drive, unit=scope)
    return drive


@transaction.atomic
def close_drive(*, actor: Actor, key: str, now: datetime) -> Drive:
    """End a drive now; applications stay. Raises NotFound or WrongState."""
    drive = queries.get_drive_in_charge(actor=actor, key=key, lock=True)
    rules.check_open(drive, now=now)
    drive.closes_at = now
    drive.save(update_fields=["closes_at"])
    audit.record(actor, "recruitment.drive_closed", drive, unit=drive.scope)
    return drive


def check_form(*, actor: Actor, drive: Drive, form: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return the form as it goes into the draft. Raises BadInput or WrongState; nothing is kept before this passes.

    Who joined before and is signed in is not asked for name and year again.
    """
    queries.home_and_place(drive, form["unit"])
    return _checked(actor, drive, form, now)


def _checked(actor: Actor, drive: Drive, form: dict[str, Any], now: datetime) -> dict[str, Any]:
    rules.check_open(drive, now=now)
    if not form.get("declared"):
        raise BadInput(fields={"declared": _("Without this declaration you cannot join. Nothing was kept.")})
    if BASE not in form["purposes"]:
        raise BadInput(fields={f"purpose_{BASE}": _("Without this yes nobody can give you a place. Nothing was kept.")})
    if actor.person_id is None:
        form = form | {
            "name": check_name(form["name"]),
            "birth_year": check_birth_year(form["birth_year"], now=now),
        }
    return {
        **form,
        "skills": rules.check_skills(form["skills"]),
        "place_text": clean(form["place_text"])[:200],
    }


def join(
    *,
    actor: Actor,
    drive: Drive,
    draft: UUID,
    login_id: int,
    holder_id: int,
    language: str,
    channel: str,
    session_key: str,
    now: datetime,
) -> Joined:
    """Make person, consents, application and records of a draft whose number was proved; once.

    Raises NotFound (no such draft, or used), BadInput, or WrongState (the notice changed, the drive is over).
    """
    form = accounts.get_draft(login_id=login_id, ref=draft, kind=rules.DRAFT_KIND)
    if form["drive"] != drive.key:
        raise NotFound
    form = _checked(actor, drive, form, now)
    number = accounts.proved_phone(login_id=login_id) if actor.person_id is None else ""
    values = {
        **_person_values(form, number, language),
        **_choice_values(drive, form),
        "draft": draft, "kind": rules.DRAFT_KIND, "login": login_id, "holder": holder_id, "now": now,
        "today": local_day(now), "channel": channel, "drive": drive.pk, "request_id": actor.request_id,
        "session_digest": hashlib.sha256(session_key.encode()).hexdigest() if session_key else "",
    }  # fmt: skip
    return _write(values)


def _person_values(form: dict[str, Any], number: str, language: str) -> dict[str, Any]:
    """What a new person gets; the statement uses none of it for somebody known, whose number stays."""
    sealed = secrets.encrypt(number, context=people.CONTACT_CONTEXT)
    return {
        "name": form["name"], "tokens": fold(form["name"]), "birth_year": form["birth_year"],
        "gender": form["gender"], "languages": [language], "place_text": form["place_text"], "pin_code": "",
        "contact_preference": form["contact_preference"], "index": people.number_index(number),
        "cipher": sealed.cipher, "key_version": sealed.key_version, "last_digits": number[-3:], "language": language,
    }  # fmt: skip


def _choice_values(drive: Drive, form: dict[str, Any]) -> dict[str, Any]:
    home, place = queries.home_and_place(drive, form["unit"])
    notice = consent.current_notice(drive.notice_key)
    if form["notice"] != str(notice.ref):
        raise WrongState(_("The notice has changed in the meantime. Please open the form again and read it."))
    purposes = [key for key in notice.purposes if key in form["purposes"]]
    wing = next((wing.pk for wing in queries.wings(drive) if wing.key == form["wing"]), None)
    return {
        "unit": home.pk, "place": place.pk if place else None, "wing": wing, "skills": form["skills"],
        "notice": notice.pk, "purposes": purposes,
        "given": json.dumps({"purposes": purposes, "notice": notice.version}),
        "applied": json.dumps({"drive": drive.key}),
    }  # fmt: skip


def _write(values: dict[str, Any]) -> Joined:
    """Run the statement; a receipt that is taken already (one in thousands) is drawn again."""
    for _try in range(RECEIPT_TRIES):
        drawn = {"ref": uuid7(), "person_ref": uuid7(), "receipt": new_receipt()}
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(JOIN, values | drawn)
                row = cursor.fetchone()
                if row is None:
                    raise NotFound(_("This form was sent already, or this account was closed. Nothing new was kept."))
                return Joined(*row)
        except IntegrityError as clash:
            if "receipt" not in str(clash):
                raise
    raise WrongState(_("No receipt could be drawn. Please press once more; your form is kept."))


# The set-based twin of `join` for people who exist already: one pass, home unit as place. For the demo only.
APPLY_MANY = """
INSERT INTO recruitment_application
    (ref, receipt, drive_id, person_id, unit_id, place_id, wing_id, skills, state, notice_id, declared_at,
     submitted_at, changed_at)
SELECT x.ref, x.receipt, %(drive)s, m.person_id, m.unit_id, m.place_id, m.wing_id, p.skills, 'submitted', %(notice)s,
       x.at, x.at, x.at
FROM unnest(%(refs)s::uuid[], %(receipts)s::text[], %(people)s::bigint[], %(times)s::timestamptz[])
     AS x(ref, receipt, person_id, at)
JOIN org_membership m ON m.person_id = x.person_id AND m.valid_to IS NULL
JOIN people_person p ON p.id = x.person_id AND p.state = 'active'
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def apply_many(*, actor: Actor, drive: Drive, people_ids: Sequence[int], times: Sequence[datetime]) -> int:
    """Let made-up people apply at these times; how many did. Raises WrongState where this is no demo."""
    if not accounts.is_demo():
        raise WrongState(_("People can only be made up in a demo."))
    values: dict[str, Any] = {
        "drive": drive.pk, "notice": consent.current_notice(drive.notice_key).pk, "people": list(people_ids),
        "times": list(times), "refs": [uuid7() for _person in people_ids],
        "receipts": [new_receipt() for _person in people_ids],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(APPLY_MANY, values)
        made = cursor.rowcount
    audit.record(actor, "recruitment.applied", drive, unit=drive.scope, data={"drive": drive.key, "applications": made})
    return made


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
    application.save(update_fields=["state", "changed_at", "appointment_ref"])


@transaction.atomic
def offer_seat(*, actor: Actor, ref: UUID, seat_ref: UUID, now: datetime) -> Application:
    """Offer a vacant seat to an applicant. Raises NotFound, NotAllowed, WrongState."""
    found = queries.get_application(actor=actor, ref=ref, lock=True)
    rules.check_offerable(found)
    offer = org.offer_seat(actor=actor, seat_ref=seat_ref, person_ref=found.person.ref, now=now)
    _change(found, State.OFFERED, now, offer.ref)
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
