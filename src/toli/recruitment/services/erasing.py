"""Personal words that leave: with the person, a year after their drive, or because no form took them up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from toli.audit import queries as records
from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.filestore import store
from toli.people import services as people
from toli.people.models import Person
from toli.recruitment import files
from toli.recruitment.models import AnswerFile, Application, WorkSample

A_YEAR = timedelta(days=365)
UNCLAIMED = timedelta(days=3)
"""A file of a form that was never sent; the form itself is kept for two days."""

# Each empties what holds something and returns the application, so that a second time erases and counts nothing. What
# is left says that it happened and how it ended: totals, states, times.
WORDS: dict[str, str] = {
    "Answers.given": """
        UPDATE recruitment_answers SET given = '{}' WHERE application_id = ANY(%(ids)s) AND given <> '{}'
        RETURNING application_id""",
    "Scorecard.note": """
        UPDATE recruitment_scorecard c SET note = '' FROM recruitment_interview i
        WHERE i.id = c.interview_id AND i.application_id = ANY(%(ids)s) AND c.note <> '' RETURNING i.application_id""",
    "Scorecard.marks": """
        UPDATE recruitment_scorecard c SET marks = '{}' FROM recruitment_interview i
        WHERE i.id = c.interview_id AND i.application_id = ANY(%(ids)s) AND c.marks <> '{}'
        RETURNING i.application_id""",
}
WITH_THE_PERSON: dict[str, str] = {
    "Application.skills": """
        UPDATE recruitment_application SET skills = '{}' WHERE id = ANY(%(ids)s) AND skills <> '{}' RETURNING id""",
    "Appeal.words": """
        UPDATE recruitment_appeal SET words = '' WHERE application_id = ANY(%(ids)s) AND words <> ''
        RETURNING application_id""",
    "AppealVote.reason": """
        UPDATE recruitment_appealvote v SET reason = '' FROM recruitment_appeal e
        WHERE e.id = v.appeal_id AND e.application_id = ANY(%(ids)s) AND v.reason <> '' RETURNING e.application_id""",
}
FILES: dict[str, str] = {
    "AnswerFile.sha256": """
        DELETE FROM recruitment_answerfile f USING recruitment_answers a
        WHERE a.id = f.answers_id AND a.application_id = ANY(%(ids)s) RETURNING a.application_id, f.sha256, f.kind""",
    "WorkSample.text": """
        DELETE FROM recruitment_worksample s USING recruitment_interview i
        WHERE i.id = s.interview_id AND i.application_id = ANY(%(ids)s) RETURNING i.application_id, s.sha256, s.kind""",
}


STILL_HELD = """
SELECT a.id FROM recruitment_application a JOIN recruitment_drive d ON d.id = a.drive_id AND d.closes_at < %(before)s
LEFT JOIN recruitment_answers w ON w.application_id = a.id
WHERE w.given <> '{}' OR EXISTS (SELECT 1 FROM recruitment_answerfile f WHERE f.answers_id = w.id)
   OR EXISTS (SELECT 1 FROM recruitment_interview i LEFT JOIN recruitment_worksample s ON s.interview_id = i.id
              LEFT JOIN recruitment_scorecard c ON c.interview_id = i.id
              WHERE i.application_id = a.id AND (s.id IS NOT NULL OR c.note <> '' OR c.marks <> '{}'))
LIMIT %(limit)s
"""


@transaction.atomic
def erase_words(*, record_ids: Sequence[int]) -> int:
    """Erase what purged persons wrote, what was written of them and what they handed in, and add it to the proof.

    How many rows; safe to repeat.
    """
    people_of = {
        pk: person.ref
        for person in Person.objects.filter(ref__in=records.refs_touched(record_ids), state=Person.State.PURGED)
        for pk in Application.objects.filter(person__in=person.ids).values_list("pk", flat=True)
    }
    erased = _erase(list(people_of), WORDS | WITH_THE_PERSON)
    rows: dict[object, Counter[str]] = defaultdict(Counter)
    for column, applications in erased.items():
        for pk in applications:
            rows[people_of[pk]][column] += 1
    for ref in set(people_of.values()):
        people.add_to_proof(person_ref=ref, rows=rows[ref])
    return sum(map(len, erased.values()))


@transaction.atomic
def erase_old_words(*, actor: Actor, now: datetime, at_once: int = 5_000) -> int:
    """Erase answers, notes, marks, samples and files of drives that ended a year ago; how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(STILL_HELD, {"before": now - A_YEAR, "limit": at_once})
        ids = [row[0] for row in cursor.fetchall()]
    found = _erase(ids, WORDS)
    counts = {column: len(rows) for column, rows in found.items() if rows}
    if counts:
        audit.record(actor, "recruitment.words_erased", None, data={"rows": sum(counts.values())})
    return sum(counts.values())


def _erase(ids: list[int], words: dict[str, str]) -> dict[str, list[int]]:
    """{column: application of each row}. Files go once this is committed, where nothing else names them."""
    erased: dict[str, list[int]] = {}
    gone: set[tuple[str, str]] = set()
    with connection.cursor() as cursor:
        for column, statement in words.items():
            cursor.execute(statement, {"ids": ids})
            erased[column] = [row[0] for row in cursor.fetchall()]
        for column, statement in FILES.items():
            cursor.execute(statement, {"ids": ids})
            rows = cursor.fetchall()
            erased[column] = [row[0] for row in rows]
            gone |= {(digest, kind) for _pk, digest, kind in rows if digest}
    transaction.on_commit(lambda: remove_unnamed(gone))
    return erased


def remove_unnamed(gone: Collection[tuple[str, str]]) -> None:
    """Take away the files, (digest, kind) each, that no row names any more: one file may have been handed in twice."""
    digests = [digest for digest, _kind in gone]
    named = set(AnswerFile.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
    named |= set(WorkSample.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
    for digest, kind in gone:
        if digest not in named:
            files.remove(digest, kind)


def sweep_files(*, now: datetime) -> int:
    """Take away files that no form took up, and those without a row; how many."""
    AnswerFile.objects.filter(answers=None, at__lt=now - UNCLAIMED).delete()
    old = {digest: key for key, digest in files.older_than(now - UNCLAIMED)}
    named = set(AnswerFile.objects.filter(sha256__in=list(old)).values_list("sha256", flat=True))
    named |= set(WorkSample.objects.filter(sha256__in=list(old)).values_list("sha256", flat=True))
    for digest in set(old) - named:
        store().remove(old[digest])
    return len(set(old) - named)
