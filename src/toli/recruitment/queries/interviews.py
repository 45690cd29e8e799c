"""Interviews: of the candidate who holds the link, of the panel that holds them, and of the one who runs the drive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import Abs, Mod, RowNumber, TruncDate

from toli.audit import services as audit
from toli.kit import masking
from toli.kit.actor import Actor
from toli.kit.dates import IST, day_bounds, local_day
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org.models import Unit
from toli.people import queries as people
from toli.recruitment import interviewing
from toli.recruitment.models import (
    Application,
    ConflictOfInterest,
    Correction,
    Interview,
    Panel,
    PanelMember,
    PanelReading,
    Round,
    RoundScore,
    Scorecard,
    Slot,
    WorkSample,
)

AHEAD = timedelta(days=7)
OFFERED = 12
"""How many other times a candidate is offered ..."""
A_DAY = 3
"""... how many of one panel's day ..."""
NEAREST = 6
"""... and from how many panels."""

_WITH_ALL = ("application__unit", "application__person", "round__drive", "slot__panel__unit")


def get_interview_of_link(*, code: str, lock: bool = False) -> Interview:
    """The appointment an SMS link opens. Raises NotFound."""
    rows = Interview.objects.select_related(*_WITH_ALL).filter(code=code, application__person__state="active")
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def my_interviews(actor: Actor) -> list[Interview]:
    """One's own live interviews, by round."""
    rows = Interview.objects.select_related("round", "slot").filter(
        application__person_id=actor.person_id, application__person__isnull=False, state__in=Interview.LIVE
    )
    return list(rows.order_by("round__number"))


# Other times


def climbs(of: Round) -> dict[int, int]:
    """What it costs to climb into each unit of the drive, for this kind of interview; others cannot be climbed into."""
    costs = interviewing.CLIMB.get(of.kind, {})
    lo, hi = paths.subtree(of.drive.scope.path)
    rows = Unit.objects.filter(path__gte=lo, path__lt=hi, level__key__in=costs).values_list("pk", "level__key")
    return {pk: costs[level] for pk, level in rows}


def reach_of(path: str, of: Round) -> str:
    """The path of the largest unit inside which somebody of `path` may be sent."""
    allowed = climbs_above(path, of)
    own = paths.ancestors(path)
    top = len(own)
    while top > 1 and own[top - 2] in allowed:
        top -= 1
    return "".join(f"{unit}/" for unit in own[:top])


def climbs_above(path: str, of: Round) -> set[int]:
    costs = interviewing.CLIMB.get(of.kind, {})
    return set(Unit.objects.filter(pk__in=paths.ancestors(path), level__key__in=costs).values_list("pk", flat=True))


def free_slots() -> QuerySet[Slot]:
    """Open slots without a live interview."""
    taken = Interview.objects.filter(slot=OuterRef("pk"), state__in=Interview.LIVE)
    return Slot.objects.filter(~Exists(taken), closed_at=None, panel__closed_at=None)


def other_times(interview: Interview, *, now: datetime, only: int | None = None) -> list[Slot]:
    """Free times of the nearest panels that fit the candidate, in order of time.

    A panel offers a few times of each day, spread over it: who cannot come on one morning finds another part of the
    day, or another day. With `only`: that one, where it is still free.
    """
    if interview.slot is None:
        return []
    path = interview.application.unit.path
    free = free_slots().filter(starts_at__gt=now + interviewing.SHORT_NOTICE)
    panels = _panels_that_fit(interview, path, free)
    rows = free.select_related("panel__unit").filter(panel__in=panels)
    if only is not None:
        return list(rows.filter(pk=only))
    nearest = {panel.pk: -_shared(panel.unit.path, path) for panel in panels}
    found = sorted(_spread(rows), key=lambda slot: (nearest[slot.panel_id], local_day(slot.starts_at)))
    return sorted(found[:OFFERED], key=lambda slot: slot.starts_at)


def _panels_that_fit(interview: Interview, path: str, free: QuerySet[Slot]) -> list[Panel]:
    """The nearest panels of the round within reach that speak the candidate's languages and have a free time."""
    person = interview.application.person_id
    lo, hi = paths.subtree(reach_of(path, interview.round))
    rows = Panel.objects.select_related("unit").filter(
        Exists(free.filter(panel=OuterRef("pk"))), round=interview.round, unit__path__gte=lo, unit__path__lt=hi,
        languages__overlap=sorted(people.languages_of([person]).get(person, frozenset())),
    )  # fmt: skip
    return sorted(rows, key=lambda panel: (-_shared(panel.unit.path, path), panel.pk))[:NEAREST]


def _spread(rows: QuerySet[Slot]) -> QuerySet[Slot]:
    """At most a few times of each day of each panel, as far apart as its free times allow."""
    day: dict[str, Any] = {"partition_by": [F("panel"), TruncDate("starts_at", tzinfo=IST)]}
    counted = rows.annotate(
        place=Window(RowNumber(), order_by=F("starts_at").asc(), **day), free=Window(Count("pk"), **day)
    )
    step = (F("free") + A_DAY - 1) / A_DAY
    return counted.alias(over=Mod(F("place") - 1, step)).filter(over=0)


def _shared(one: str, other: str) -> int:
    """How many units two paths have in common from the top."""
    pairs = zip(paths.ancestors(one), paths.ancestors(other), strict=False)
    return next((depth for depth, (a, b) in enumerate(pairs) if a != b), min(one.count("/"), other.count("/")))


def has_sample(interview: Interview) -> bool:
    return WorkSample.objects.filter(interview=interview).exists()


# The panel's own pages


def panels_of_member(actor: Actor) -> list[Panel]:
    """Panels on which the actor interviews now."""
    if actor.person_id is None or actor.seen_as_id is not None:
        return []
    seats = PanelMember.objects.filter(person_id=actor.person_id, until=None).values("panel")
    rows = Panel.objects.select_related("round__drive", "unit").filter(pk__in=seats, closed_at=None)
    return list(rows.order_by("round_id", "unit__path", "number"))


def _of_member(actor: Actor) -> QuerySet[Interview]:
    """Interviews of the actor's panels: at their slots, and work samples of their rounds from their units."""
    panels = panels_of_member(actor)
    mine = Q(slot__panel__in=panels)
    for panel in panels:
        if panel.round.kind == Round.Kind.WORK_SAMPLE:
            lo, hi = paths.subtree(panel.unit.path)
            within = Q(application__unit__path__gte=lo, application__unit__path__lt=hi)
            mine |= Q(round=panel.round, slot=None, sample__isnull=False) & within
    rows = Interview.objects.select_related(*_WITH_ALL, "sample")
    return rows.filter(mine, application__person__state="active")


def get_interview_of_member(*, actor: Actor, ref: UUID, lock: bool = False) -> Interview:
    """An interview of one of the actor's panels, in any state. Raises NotFound."""
    rows = _of_member(actor).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def sample_to_score(actor: Actor, interview: Interview) -> WorkSample:
    """The file handed in for an interview of one's panel; the look is recorded. Raises NotFound, also for oneself and
    for whoever declared a conflict.
    """
    sample = WorkSample.objects.filter(interview=interview).exclude(sha256="").first()
    person = interview.application.person_id
    if (
        sample is None
        or masking.is_on()
        or person == actor.person_id
        or has_conflict(interview.application, actor.person_id)
    ):
        raise NotFound
    audit.note_read(actor, person_id=person, columns=["WorkSample.sha256"], reason="interview")
    return sample


@dataclass(frozen=True, slots=True)
class Shown:
    """An interview as a panel member may see it; `name` is the receipt's end where the round is blind."""

    interview: Interview
    name: str
    scored: bool
    conflict: bool


def day_sheet(actor: Actor, *, now: datetime) -> list[Shown]:
    """The interviews of my panels today and in the coming week, in order of time."""
    begins, _ends = day_bounds(local_day(now))
    live = Q(state__in=["proposed", "confirmed", "held", "no_show"])
    rows = _of_member(actor).filter(live, slot__starts_at__gte=begins, slot__starts_at__lt=now + AHEAD)
    return shown_to(actor, list(rows.order_by("slot__starts_at", "pk")[:200]))


def samples_to_score(actor: Actor) -> list[Shown]:
    """Work samples that need a score and have none of mine, the longest waiting first."""
    mine = Scorecard.objects.filter(interview=OuterRef("pk"), scorer_id=actor.person_id)
    against = ConflictOfInterest.objects.filter(application=OuterRef("application"), person_id=actor.person_id)
    rows = _of_member(actor).annotate(given=Count("scorecards")).filter(~Exists(mine), ~Exists(against), slot=None)
    rows = rows.filter(state__in=Interview.LIVE, given__lt=F("round__scores_needed"))
    return shown_to(actor, list(rows.exclude(application__person_id=actor.person_id).order_by("sample__given_at")[:20]))


def shown_to(actor: Actor, interviews: list[Interview]) -> list[Shown]:
    """Names only where the round is not blind; who saw them is noted."""
    open_ = [one.application.person_id for one in interviews if not one.round.blind]
    names = people.names_and_masks(actor, sorted(set(open_)), reason="interview") if open_ else {}
    ids = [one.pk for one in interviews]
    mine = Scorecard.objects.filter(interview__in=ids, scorer_id=actor.person_id)
    scored = set(mine.values_list("interview_id", flat=True))
    applications = [one.application_id for one in interviews]
    against = ConflictOfInterest.objects.filter(application__in=applications, person_id=actor.person_id)
    conflicts = set(against.values_list("application_id", flat=True))
    return [
        Shown(one, _named(one, names), one.pk in scored, one.application_id in conflicts) for one in interviews
    ]  # fmt: skip


def _named(interview: Interview, names: dict[int, tuple[str, str]]) -> str:
    if interview.round.blind:
        return f"… {interview.application.receipt[-4:]}"
    return names.get(interview.application.person_id, ("",))[0]


def has_conflict(application: Application, person_id: int | None) -> bool:
    return ConflictOfInterest.objects.filter(application=application, person_id=person_id).exists()


def cards_seen_by(actor: Actor, interview: Interview) -> list[Scorecard]:
    """The interview's cards for a member who has given their own; before that nobody sees any."""
    cards = list(Scorecard.objects.filter(interview=interview).order_by("given_at", "id"))
    return cards if any(card.scorer_id == actor.person_id for card in cards) else []


# The round's scores


def agreements(of: Round) -> QuerySet[PanelReading]:
    """How far each panel's scorers agree, as it was last counted: the least agreeing first."""
    rows = PanelReading.objects.select_related("panel__unit").filter(panel__round=of, pairs__gt=0)
    return rows.order_by(F("icc").asc(nulls_last=True), "panel_id")


def corrections_of(of: Round) -> QuerySet[Correction]:
    """The scorers' offsets, the largest first; they are named by seat or number, not by name."""
    return Correction.objects.filter(round=of).order_by(Abs("offset").desc(), "scorer_id")


def scores_of(actor: Actor, application: Application) -> list[RoundScore]:
    """What an applicant reached in each settled round, for whoever runs the drive; nothing for anybody else."""
    if not access.may(actor, "recruitment.manage", application.drive.scope):
        return []
    return list(RoundScore.objects.select_related("round").filter(application=application).order_by("round__number"))
