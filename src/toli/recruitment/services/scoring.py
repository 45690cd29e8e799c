"""Scorecards, conflicts of interest, work samples, the number of one appointment, and what a round comes to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.consent import services as consent
from toli.kit.actor import Actor
from toli.kit.errors import NotFound, WrongState
from toli.people import queries as people
from toli.recruitment import files, interviewing, queries, severity
from toli.recruitment.models import ConflictOfInterest, Interview, Round, Scorecard, WorkSample
from toli.recruitment.services.booking import CANDIDATE
from toli.recruitment.services.erasing import remove_unnamed
from toli.recruitment.services.funnel import count_agreement

State = Interview.State


@transaction.atomic
def score(*, actor: Actor, ref: UUID, marks: Mapping[str, int], note: str, now: datetime) -> Scorecard:
    """Give one's own score; it stands. The same again answers the same.

    Raises NotFound, NotAllowed (oneself, a declared conflict), WrongState or BadInput (a mark outside its scale).
    """
    found = queries.get_interview_of_member(actor=actor, ref=ref, lock=True)
    own = Scorecard.objects.filter(interview=found, scorer_id=actor.person_id).first()
    if own is not None:
        return _same(own, marks)
    conflict = queries.has_conflict(found.application, actor.person_id)
    interviewing.check_scorable(found, by=actor.person_id, conflict=conflict, now=now)
    total = interviewing.total_of(found.round.criteria, marks)
    assert actor.person_id is not None
    card = Scorecard.objects.create(
        interview=found, scorer_id=actor.person_id, marks=dict(marks), total=total,
        note=interviewing.check_note(note), given_at=now,
    )  # fmt: skip
    if found.state != State.HELD:
        found.state, found.changed_at = State.HELD, now
        found.save(update_fields=["state", "changed_at"])
    audit.record(actor, "recruitment.scored", found, unit=found.application.unit)
    return card


def _same(card: Scorecard, marks: Mapping[str, int]) -> Scorecard:
    if dict(card.marks) != dict(marks):
        raise WrongState(_("You gave your score already, and it stands. If it was a mistake, tell who runs the drive."))
    return card


@transaction.atomic
def declare_conflict(*, actor: Actor, ref: UUID, now: datetime) -> ConflictOfInterest:
    """Say that one may not score this person, not why. Raises NotFound, or WrongState after one's own score."""
    found = queries.get_interview_of_member(actor=actor, ref=ref, lock=True)
    if actor.person_id is None:
        raise NotFound
    if Scorecard.objects.filter(interview=found, scorer_id=actor.person_id).exists():
        raise WrongState(_("You scored this person already. Please tell who runs the drive."))
    conflict, made = ConflictOfInterest.objects.get_or_create(
        application=found.application, person_id=actor.person_id, defaults={"declared_at": now}
    )
    if made:
        audit.record(actor, "recruitment.conflict_declared", found, unit=found.application.unit)
    return conflict


@transaction.atomic
def open_number(*, actor: Actor, ref: UUID, now: datetime) -> str:
    """The candidate's number for this call, around its time only; recorded, and the person sees it.

    Raises NotFound, NotAllowed (conflict, no consent to calls) or WrongState outside the time.
    """
    found = queries.get_interview_of_member(actor=actor, ref=ref, lock=True)
    if found.round.kind != Round.Kind.PHONE or found.slot is None:
        raise NotFound
    conflict = queries.has_conflict(found.application, actor.person_id)
    interviewing.check_scorable(found, by=actor.person_id, conflict=conflict, now=now)
    if not interviewing.call_window(found.slot.starts_at).holds(now):
        raise WrongState(_("The number opens ten minutes before the call and closes two hours after."))
    person = found.application.person
    consent.check_may_call(actor=actor, person=person, now=now)
    number = people.open_number(actor=actor, person=person, reason="interview")
    if number is None:
        raise NotFound
    audit.record(actor, "recruitment.number_opened", found, unit=found.application.unit)
    return number


@transaction.atomic
def hand_in_sample(*, code: str, text: str, link: str, handed: files.Handed | None = None, now: datetime) -> WorkSample:
    """The candidate's work for a round without a meeting; a later one replaces it until somebody scored it.

    The file goes before its row: one that got no row goes with the next sweep.

    Raises NotFound, WrongState or BadInput.
    """
    found = queries.get_interview_of_link(code=code, lock=True)
    if found.round.kind != Round.Kind.WORK_SAMPLE:
        raise NotFound
    interviewing.check_answerable(found, now=now)
    if now >= interviewing.hand_in_until(found.round):
        raise WrongState(_("The last day for this sample has passed. Nothing was kept."))
    text, link = interviewing.check_sample(text, link, has_file=handed is not None)
    before = WorkSample.objects.filter(interview=found).first()
    if handed is not None:
        files.keep(handed)
    sample, _made = WorkSample.objects.update_or_create(
        interview=found,
        defaults={
            "text": text, "link": link, "sha256": handed.digest if handed else "",
            "kind": handed.kind if handed else "", "given_at": now,
        },
    )  # fmt: skip
    if before is not None and before.sha256:
        replaced = (before.sha256, before.kind)
        transaction.on_commit(lambda: remove_unnamed([replaced]))
    found.state, found.changed_at = State.CONFIRMED, now
    found.save(update_fields=["state", "changed_at"])
    audit.record(CANDIDATE, "recruitment.sample_handed_in", found, unit=found.application.unit)
    return sample


# What a round comes to

CARDS = """
SELECT i.application_id, c.scorer_id, c.total
FROM recruitment_scorecard c JOIN recruitment_interview i ON i.id = c.interview_id AND i.state = 'held'
WHERE i.round_id = %(round)s
ORDER BY i.application_id, c.scorer_id
"""

KEEP_CORRECTIONS = """
INSERT INTO recruitment_correction (round_id, scorer_id, "offset", cards, raw_mean, method, made_at)
SELECT %(round)s, o.scorer, o.off, count(c.id), round(avg(c.total)), %(method)s, %(now)s
FROM unnest(%(scorers)s::bigint[], %(offsets)s::int[]) AS o(scorer, off)
JOIN recruitment_scorecard c ON c.scorer_id = o.scorer
JOIN recruitment_interview i ON i.id = c.interview_id AND i.round_id = %(round)s AND i.state = 'held'
GROUP BY o.scorer, o.off
ON CONFLICT (round_id, scorer_id) DO UPDATE SET "offset" = EXCLUDED."offset", cards = EXCLUDED.cards,
    raw_mean = EXCLUDED.raw_mean, method = EXCLUDED.method, made_at = EXCLUDED.made_at
"""

# Each candidate with enough cards: as given, and with each scorer's offset taken off (severity.corrected, in SQL).
KEEP_SCORES = """
INSERT INTO recruitment_roundscore (round_id, application_id, raw, corrected, cards)
SELECT %(round)s, i.application_id, round(avg(c.total)),
       round(avg(least(10000, greatest(0, c.total - o."offset")))), count(*)
FROM recruitment_scorecard c
JOIN recruitment_interview i ON i.id = c.interview_id AND i.state = 'held'
JOIN recruitment_correction o ON o.round_id = i.round_id AND o.scorer_id = c.scorer_id
WHERE i.round_id = %(round)s
GROUP BY i.application_id HAVING count(*) >= %(needed)s
ON CONFLICT (application_id, round_id) DO UPDATE SET raw = EXCLUDED.raw, corrected = EXCLUDED.corrected,
    cards = EXCLUDED.cards
"""

# Of all settled rounds with a weight; whoever lacks one of them has no score. What an appeal gave is never taken back.
WEIGH = """
WITH settled AS (SELECT id, weight FROM recruitment_round
                 WHERE drive_id = %(drive)s AND settled_at IS NOT NULL AND weight > 0),
reached AS (SELECT s.application_id, round(sum(s.corrected * r.weight)::numeric / sum(r.weight)) AS score
            FROM recruitment_roundscore s JOIN settled r ON r.id = s.round_id
            GROUP BY s.application_id HAVING count(*) = (SELECT count(*) FROM settled))
UPDATE recruitment_application a SET score = w.score
FROM (SELECT b.id, greatest(reached.score, (SELECT max(e.score_after) FROM recruitment_appeal e
                                            WHERE e.application_id = b.id AND e.state = 'upheld')) AS score
      FROM recruitment_application b LEFT JOIN reached ON reached.application_id = b.id
      WHERE b.drive_id = %(drive)s) w
WHERE w.id = a.id AND a.score IS DISTINCT FROM w.score
"""


@transaction.atomic
def settle_scores(*, actor: Actor, round_ref: UUID, now: datetime) -> dict[str, int]:
    """Correct harsh and mild scorers, and give every applicant of the drive the weighted score; may be run again.

    Returns how many scorers, how many candidates with enough cards, how many applications changed. Raises NotFound or
    WrongState.
    """
    of = queries.get_round_in_charge(actor=actor, ref=round_ref, lock=True)
    with connection.cursor() as cursor:
        cursor.execute(CARDS, {"round": of.pk})
        cards = [severity.Card(*row) for row in cursor.fetchall()]
        if not cards:
            raise WrongState(_("No score was given in this round yet. Nothing was changed."))
        found = severity.offsets(cards)
        offsets = {"scorers": list(found), "offsets": list(found.values())}
        cursor.execute(KEEP_CORRECTIONS, {"round": of.pk, "method": severity.METHOD, "now": now, **offsets})
        cursor.execute(KEEP_SCORES, {"round": of.pk, "needed": of.scores_needed})
        scored = cursor.rowcount
        of.settled_at = now
        of.save(update_fields=["settled_at"])
        cursor.execute(WEIGH, {"drive": of.drive_id})
        result = {"scorers": len(found), "candidates": scored, "changed": cursor.rowcount}
    count_agreement(of)
    audit.record(actor, "recruitment.scores_settled", of, unit=of.drive.scope, data=result)
    return result
