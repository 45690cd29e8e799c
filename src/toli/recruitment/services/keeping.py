"""What an applicant who was not placed wants to be: kept for other seats, a supporter, or left in peace."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.consent import queries as consent
from toli.consent import services as consent_services
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, WrongState
from toli.org import queries as org
from toli.recruitment import queries
from toli.recruitment.models import Application
from toli.recruitment.services import offer_sql

Keeps = Application.Keeps
NEWS = "news"
CONTACT = ("sms", "calls", NEWS)
"""Purposes that a "no, thank you" of somebody without a seat ends: nothing is sent to them any more."""


@transaction.atomic
def choose_to_stay(
    *, actor: Actor, ref: UUID, choice: str, language: str, session_key: str, now: datetime
) -> Application:
    """Keep what the person said, once the placement is decided. Raises NotFound, BadInput, WrongState, NotAllowed.

    "supporter" is also the yes to slogans and news that its button names. "no" takes the application back and, for
    whoever holds no seat, ends every consent to be written to or called.
    """
    found = queries.get_own_application(actor=actor, ref=ref, lock=True)
    if choice not in Keeps.values:
        raise BadInput(_("Please choose one of the three."))
    if not queries.may_choose(found):
        raise WrongState(_("This question is only for those who wait after a placement. Nothing was changed."))
    found.keeps, found.changed_at = choice, now
    found.supporter_at = None if choice == Keeps.NO else now
    found.state = Application.State.WITHDRAWN if choice == Keeps.NO else found.state
    found.save(update_fields=["keeps", "supporter_at", "state", "changed_at"])
    audit.record(actor, "recruitment.chose_to_stay", found, unit=found.unit, data={"choice": choice})
    if choice == Keeps.SUPPORTER:
        _agree_to_news(actor, found, language, session_key, now)
    elif choice == Keeps.NO:
        _leave_in_peace(actor, found, language, session_key, now)
    return found


def _agree_to_news(actor: Actor, application: Application, language: str, session_key: str, now: datetime) -> None:
    notice = consent.current_notice(application.drive.notice_key)
    if NEWS not in notice.purposes or consent.has_consent(application.person_id, NEWS):
        return
    consent_services.give(
        actor=actor, person=application.person, notice=notice, language=language, purposes=[NEWS],
        session_key=session_key, now=now,
    )  # fmt: skip


def _leave_in_peace(actor: Actor, application: Application, language: str, session_key: str, now: datetime) -> None:
    if org.live_appointments_of(application.person_id, now).exists():
        return
    for purpose in CONTACT:
        consent_services.withdraw(
            actor=actor, person=application.person, purpose=purpose, session_key=session_key, language=language, now=now
        )


@transaction.atomic
def stay_on_lists(*, actor: Actor, ref: UUID, stays: bool, now: datetime) -> Application:
    """Say whether one who holds a place goes on waiting for those wished more. Raises NotFound or WrongState.

    The place held is given back only with the yes to a better one, which is offered when its turn comes.
    """
    found = queries.get_own_application(actor=actor, ref=ref, lock=True)
    if bool(found.stays_at) == stays:
        return found
    if found.state != Application.State.PLACED or (stays and found.pk not in queries.higher_wishes([found])):
        raise WrongState(_("There is no place you wished more on whose list you stand. Nothing was changed."))
    found.stays_at, found.changed_at = (now if stays else None), now
    found.save(update_fields=["stays_at", "changed_at"])
    if not stays:
        with connection.cursor() as cursor:
            cursor.execute(offer_sql.UNASK, {"application": found.pk, "now": now})
    audit.record(actor, "recruitment.stays_on_lists" if stays else "recruitment.leaves_lists", found, unit=found.unit)
    return found
