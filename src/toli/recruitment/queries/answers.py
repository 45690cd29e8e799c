"""What an applicant answered, for those in charge; each look is recorded."""

from __future__ import annotations

from uuid import UUID

from toli.audit import services as audit
from toli.kit import masking
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.recruitment import questions
from toli.recruitment.models import AnswerFile, Answers, Application
from toli.recruitment.questions import Question


def answers_of(actor: Actor, application: Application, language: str) -> list[tuple[Question, str, object]]:
    """(question, its text, the answer) of an application fetched as in charge; nothing while seen as another seat."""
    found = Answers.objects.select_related("form").filter(application=application).first()
    if found is None or masking.is_on():
        return []
    audit.note_read(actor, person_id=application.person_id, columns=["Answers.given"], reason="applicant")
    return questions.shown(questions.read(found.form.questions), found.given, language)


def get_answer_file(*, actor: Actor, application: Application, ref: UUID) -> AnswerFile:
    """A file of an application fetched as in charge; the look is recorded. Raises NotFound."""
    found = AnswerFile.objects.filter(ref=ref, answers__application=application).first()
    if found is None or masking.is_on():
        raise NotFound
    audit.note_read(actor, person_id=application.person_id, columns=["AnswerFile.sha256"], reason="applicant")
    return found
