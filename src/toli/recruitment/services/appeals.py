"""Appeals: made in one's own words, decided by two who did not score before, answered with the reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import WrongState
from toli.recruitment import appealing, outcomes, queries
from toli.recruitment.models import Appeal, AppealVote, Application, PlaceOffer

State = Appeal.State
LIVE = (PlaceOffer.State.DUE, PlaceOffer.State.OFFERED, PlaceOffer.State.ACCEPTED)


@transaction.atomic
def make_appeal(*, actor: Actor, ref: UUID, words: str, now: datetime) -> Appeal:
    """Appeal against the placement of one's own application; a second press changes nothing.

    Raises NotFound, BadInput, or WrongState when no signed placement says anything yet, or the time is over.
    """
    queries.get_own_application(actor=actor, ref=ref, lock=True)
    told = queries.explained(actor=actor, ref=ref)
    if told is None:
        raise WrongState(_("There is no signed placement yet that you could appeal against."))
    if told.appeal is not None:
        return told.appeal
    appealing.check_in_time(told.run.signed_b_at, told.run.drive.appeal_days, now=now)
    appeal = Appeal.objects.create(
        run=told.run, application=told.application, words=appealing.check_words(words), made_at=now
    )
    audit.record(actor, "recruitment.appealed", appeal, unit=told.application.unit)
    return appeal


@transaction.atomic
def vote_on_appeal(*, actor: Actor, ref: UUID, upholds: bool, score: int | None, reason: str, now: datetime) -> Appeal:
    """Say what one thinks of an appeal; when two agree it is decided. `score` in hundredths of a point.

    Raises NotFound, NotAllowed, NeedsSecondFactor, BadInput or WrongState.
    """
    appeal = queries.get_appeal(actor=actor, ref=ref, lock=True)
    application = Application.objects.select_for_update().get(pk=appeal.application_id)
    if appeal.state != State.OPEN:
        raise WrongState(_("This appeal is decided already."))
    votes = list(appeal.votes.order_by("at"))
    appealing.check_may_decide(
        actor.person_id, applicant=application.person_id, scorers=queries.scorers_of(application),
        voted={vote.by_id for vote in votes},
    )  # fmt: skip
    mine = appealing.check_vote(upholds=upholds, score=score, before=application.score or 0, reason=reason)
    AppealVote.objects.create(
        appeal=appeal, by_id=actor.person_id, upholds=mine.upholds, score=mine.score, reason=reason.strip(), at=now
    )
    audit.record(actor, "recruitment.appeal_voted", appeal, unit=application.unit)
    found = appealing.decision([*(appealing.Vote(vote.upholds, vote.score) for vote in votes), mine])
    if found is not None:
        _decide(actor, appeal, application, found, now)
    return appeal


def _decide(actor: Actor, appeal: Appeal, application: Application, found: appealing.Vote, now: datetime) -> None:
    appeal.state, appeal.decided_at = State.UPHELD if found.upholds else State.REFUSED, now
    if found.score is None:
        appeal.save(update_fields=["state", "decided_at"])
        audit.record(actor, "recruitment.appeal_refused", appeal, unit=application.unit)
        return
    appeal.score_before, appeal.score_after = application.score or 0, found.score
    appeal.save(update_fields=["state", "decided_at", "score_before", "score_after"])
    application.score, application.changed_at = found.score, now
    application.save(update_fields=["score", "changed_at"])
    owed = _owed(appeal, application)
    data = {"before": appeal.score_before / 100, "after": appeal.score_after / 100, "offered": owed}
    audit.record(actor, "recruitment.appeal_upheld", appeal, unit=application.unit, data=data)


def _owed(appeal: Appeal, application: Application) -> bool:
    """Owe the person the first of their wishes for which the new score would have been enough; True when one is.

    Nobody loses a seat for it: where none is free, the person is called before the wait-list. Who has a lower place is
    offered the better one beside it, once they hold that one, and it is theirs only with their yes.
    """
    gained = (appeal.score_after or 0) - (appeal.score_before or 0)
    settled = queries.settled_run(appeal.run_id)
    place = outcomes.would_get(settled, application.pk, gained)
    offers = list(PlaceOffer.objects.filter(application=application, state__in=LIVE))
    if place is None or any(one.upgrade for one in offers):
        return False
    if any(not outcomes.wished_more(settled, application.pk, place, than=one.place_id) for one in offers):
        return False
    if offers:
        application.stays_at = application.stays_at or appeal.decided_at
        application.save(update_fields=["stays_at"])
    PlaceOffer.objects.create(
        run_id=appeal.run_id, application=application, place_id=place, origin=PlaceOffer.Origin.APPEAL,
        upgrade=bool(offers), made_at=appeal.decided_at, changed_at=appeal.decided_at,
    )  # fmt: skip
    return True
