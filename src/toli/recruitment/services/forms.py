"""New versions of a drive's questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.recruitment import queries, questions
from toli.recruitment.models import FormVersion
from toli.recruitment.questions import Question


@transaction.atomic
def save_questions(*, actor: Actor, key: str, asked: Sequence[Question], now: datetime) -> FormVersion:
    """Make a new version of the questions; the same questions again make none. Raises NotFound or BadInput.

    Who has answered keeps the version they answered.
    """
    drive = queries.get_drive_in_charge(actor=actor, key=key, lock=True)
    kept = questions.stored(questions.check(asked))
    newest = FormVersion.objects.filter(drive=drive).order_by("-number").first()
    if newest is not None and newest.questions == kept:
        return newest
    number = newest.number + 1 if newest else 1
    made = FormVersion.objects.create(
        drive=drive, number=number, questions=kept, made_at=now, made_by_id=actor.person_id
    )
    data = {"version": number, "questions": len(kept)}
    audit.record(actor, "recruitment.questions_saved", drive, unit=drive.scope, data=data)
    return made
