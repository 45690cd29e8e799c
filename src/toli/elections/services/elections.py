"""What a notification says of a whole election: announced, counted, completed. Two persons, as for a poll's row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.elections import queries
from toli.elections.models import Election, ElectionVersion, State
from toli.elections.services.by_two import require_another, take_off
from toli.kit.actor import Actor
from toli.kit.errors import BadInput


@dataclass(frozen=True, slots=True)
class Dates:
    """From the announcement to the completion the code of conduct holds."""

    announced_at: datetime | None = None
    completed_at: datetime | None = None
    counting_on: date | None = None


@transaction.atomic
def propose_dates(*, actor: Actor, ref: UUID, dates: Dates, notification: str, now: datetime) -> ElectionVersion:
    """Say what a notification says of the election. Nothing changes until a second person confirms it.

    Raises NotFound, NeedsSecondFactor or BadInput.
    """
    election = queries.get_election(actor=actor, ref=ref, right="elections.correct", lock=True)
    _check(election, dates, notification)
    last = election.versions.order_by("-number").first()
    version = ElectionVersion.objects.create(
        election=election, number=last.number + 1 if last else 1, state=State.PROPOSED,
        announced_at=dates.announced_at, completed_at=dates.completed_at, counting_on=dates.counting_on,
        notification=notification.strip(), proposed_by_id=actor.person_id, proposed_at=now,
    )  # fmt: skip
    audit.record(
        actor, "elections.dates_proposed", election, unit=election.state, data={"notification": version.notification}
    )
    return version


def _check(election: Election, dates: Dates, notification: str) -> None:
    if len(notification.strip()) < 5:
        raise BadInput(fields={"notification": _("Say which notification says so: its number and date.")})
    if election.versions.filter(state=State.PROPOSED).exists():
        raise BadInput(_("Another change of this election waits for its second person."))
    if (election.announced_at, election.completed_at, election.counting_on) == (
        dates.announced_at, dates.completed_at, dates.counting_on,
    ):  # fmt: skip
        raise BadInput(_("This is what the row says already."))
    if dates.announced_at and dates.completed_at and dates.completed_at <= dates.announced_at:
        raise BadInput(fields={"completed": _("An election is completed after it was announced.")})
    last = queries.last_poll_day(election)
    if dates.counting_on and last and dates.counting_on < last:
        raise BadInput(fields={"counting_on": _("Votes are counted after the last poll.")})


@transaction.atomic
def confirm_dates(*, actor: Actor, ref: UUID, now: datetime) -> ElectionVersion:
    """The second person puts it in force; where the code of conduct holds changes with this transaction.

    Raises NotFound, NeedsSecondFactor, NotAllowed (the same person).
    """
    version = queries.get_dates_proposal(actor=actor, ref=ref, lock=True)
    require_another(actor, version)
    election = version.election
    election.versions.filter(state=State.LIVE).update(state=State.REPLACED)
    version.state, version.decided_by_id, version.decided_at = State.LIVE, actor.person_id, now
    version.save(update_fields=["state", "decided_by", "decided_at"])
    Election.objects.filter(pk=election.pk).update(
        announced_at=version.announced_at, completed_at=version.completed_at, counting_on=version.counting_on
    )
    audit.record(
        actor, "elections.dates_corrected", election, unit=election.state,
        data={"notification": version.notification, "version": version.number},
    )  # fmt: skip
    return version


@transaction.atomic
def refuse_dates(*, actor: Actor, ref: UUID, now: datetime) -> ElectionVersion:
    """Take a proposal off the table; the proposer may do that too. Raises NotFound or NeedsSecondFactor."""
    version = queries.get_dates_proposal(actor=actor, ref=ref, lock=True)
    take_off(version, actor=actor, now=now)
    audit.record(actor, "elections.dates_refused", version.election, unit=version.election.state)
    return version
