"""Pure decisions about tasks and shares. Nothing here reads the clock or the database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotAllowed, Sentence, WrongState
from toli.kit.text import ascii_digits
from toli.tasks.models import Assignment, BulkAct, PhotoMatch, Proof, Task

State = Assignment.State

LARGEST_TARGET = 1_000_000_000
LONGEST_TITLE = 200
LONGEST_TEXT = 2_000
LONGEST_REASON = 500
LONGEST_TIME = timedelta(days=366)
UNDO_FOR = timedelta(minutes=10)
ANSWER_WITHIN = timedelta(hours=24)
"""After that a share nobody accepted is an exception."""
SOON = timedelta(hours=24)
NUDGE_AGAIN_AFTER = timedelta(hours=12)
MOST_AT_ONCE = 500

_PHONE_LIKE = re.compile(r"(?<!\d)(?:\+?91[\s-]?|0)?[1-9]\d{4}[\s-]?\d{5}(?!\d)")


def check_task(
    *, title: Mapping[str, str], instructions: Mapping[str, str], target: int, due_at: datetime, now: datetime
) -> None:
    """Raise BadInput with a sentence per field for a task that cannot be given."""
    wrong = _wrong_words(title, instructions)
    if not 1 <= target <= LARGEST_TARGET:
        wrong["target"] = _("The target must be at least 1 and at most 1,00,00,00,000.")
    if due_at <= now:
        wrong["due_at"] = _("This time has passed. Please choose a later one.")
    elif due_at > now + LONGEST_TIME:
        wrong["due_at"] = _("A task may take a year at most.")
    if wrong:
        raise BadInput(fields=wrong)


def check_template(*, title: Mapping[str, str], instructions: Mapping[str, str], per_share: int, days: int) -> None:
    """Raise BadInput for a template that could not be given."""
    wrong = _wrong_words(title, instructions)
    if not 1 <= per_share <= LARGEST_TARGET:
        wrong["per_share"] = _("The target must be at least 1 and at most 1,00,00,00,000.")
    if not 1 <= days <= LONGEST_TIME.days:
        wrong["days"] = _("A task may take a year at most.")
    if wrong:
        raise BadInput(fields=wrong)


def _wrong_words(title: Mapping[str, str], instructions: Mapping[str, str]) -> dict[str, Sentence]:
    wrong: dict[str, Sentence] = {}
    if not any(text.strip() for text in title.values()):
        wrong["title"] = _("Please say in a few words what is to be done.")
    if any(len(text) > LONGEST_TITLE for text in title.values()):
        wrong["title"] = _("This title is too long. Please write at most 200 letters.")
    if any(len(text) > LONGEST_TEXT for text in instructions.values()):
        wrong["instructions"] = _("This is too long. Please write at most 2,000 letters.")
    if any(has_phone_number(text) for text in (*title.values(), *instructions.values())):
        wrong["instructions"] = _("Please write no phone numbers here.")
    return wrong


def has_phone_number(text: str) -> bool:
    """True for ten digits in a row such as a mobile number has, in any script."""
    return bool(_PHONE_LIKE.search(ascii_digits(text)))


def check_acceptable(assignment: Assignment) -> None:
    """Raise WrongState, kindly, for a share nobody can accept any more."""
    if assignment.state == State.WITHDRAWN:
        raise WrongState(_("This task has been withdrawn in the meantime. Nothing is asked of you."))
    if not assignment.is_work:
        raise WrongState(_("This share is done by the teams below."))
    if assignment.state != State.GIVEN:
        raise WrongState(_("Somebody of your team has already accepted this task."))


def check_hand_in(assignment: Assignment, *, person_id: int) -> None:
    """Raise WrongState unless this person's work on the share can be handed in now."""
    if not assignment.is_work:
        raise WrongState(_("This share is done by the teams below."))
    if assignment.state == State.WITHDRAWN:
        raise WrongState(
            _("This task has been withdrawn in the meantime. What you did is not lost: tell your coordinator.")
        )
    if assignment.state == State.VERIFIED:
        raise WrongState(_("This task is already verified. Nothing more is to be handed in."))
    if assignment.state == State.HANDED_IN:
        raise WrongState(_("This task is already handed in and waits to be verified."))
    if assignment.accepted_by_id != person_id:
        raise WrongState(_("Please accept the task first."))


def check_proofs(task: Task, *, number: int | None, text: str, has_photo: bool) -> None:
    """Raise BadInput for each proof the task asks for and that is missing or unusable."""
    wrong: dict[str, Sentence] = {}
    if Proof.NUMBER in task.proofs and number is None:
        wrong["number"] = _("Please write how many.")
    if number is not None and not 0 <= number <= LARGEST_TARGET:
        wrong["number"] = _("Please write a number of 0 or more.")
    if Proof.TEXT in task.proofs and not text.strip():
        wrong["text"] = _("Please write in a few words what was done.")
    elif len(text) > LONGEST_TEXT:
        wrong["text"] = _("This is too long. Please write at most 2,000 letters.")
    elif has_phone_number(text):
        wrong["text"] = _("Please write no phone numbers here.")
    if Proof.PHOTO in task.proofs and not has_photo:
        wrong["photo"] = _("Please add a photo of the work.")
    if wrong:
        raise BadInput(fields=wrong)


def check_verifiable(assignment: Assignment, *, by: Actor) -> None:
    """Raise WrongState unless it waits to be verified, NotAllowed for one's own work.

    "A second person" is compared by person: another seat or another number of the same human does not help, and
    whoever handed it in for somebody else is not a second person either.
    """
    if assignment.state != State.HANDED_IN:
        raise WrongState(_("This share is not waiting to be verified."))
    if by.person_id is None or by.person_id in hands_on(assignment):
        raise NotAllowed(_("Nobody verifies their own work. Another coordinator must look at it."))


def hands_on(assignment: Assignment) -> set[int]:
    """Ids of the persons who did the work or handed it in."""
    hand_in = assignment.hand_in
    ids = {assignment.accepted_by_id}
    if hand_in is not None:
        ids |= {hand_in.person_id, hand_in.typed_by_id}
    return {person_id for person_id in ids if person_id is not None}


def check_reason(reason: str) -> str:
    """The reason without its edges. Raises BadInput when there is none, or it is too long or holds a number to call."""
    reason = reason.strip()
    if not reason:
        raise BadInput(fields={"reason": _("Please say what is missing, so that it can be mended.")})
    if len(reason) > LONGEST_REASON:
        raise BadInput(fields={"reason": _("This is too long. Please write at most 500 letters.")})
    if has_phone_number(reason):
        raise BadInput(fields={"reason": _("Please write no phone numbers here.")})
    return reason


def check_withdrawable(assignment: Assignment) -> None:
    """Raise WrongState for a share that has ended."""
    if assignment.state == State.VERIFIED:
        raise WrongState(_("This share is already verified and cannot be withdrawn."))
    if assignment.state == State.WITHDRAWN:
        raise WrongState(_("This share is already withdrawn."))
    if not assignment.is_work:
        raise WrongState(_("This share is done by the teams below."))


def check_remindable(assignment: Assignment) -> None:
    """Raise WrongState where nobody of the team can do anything now."""
    if assignment.state not in (State.GIVEN, State.ACCEPTED, State.RETURNED) or not assignment.is_work:
        raise WrongState(_("Nobody of this team has anything to do for it now."))


def check_undoable(act: BulkAct, *, by: Actor, now: datetime) -> None:
    """Raise NotAllowed unless it is one's own act, WrongState when it is too late or already undone."""
    if by.person_id != act.by_id:
        raise NotAllowed(_("Only the person who did it can undo it."))
    if act.undone_at is not None:
        raise WrongState(_("This is already undone."))
    if now >= act.at + UNDO_FOR:
        raise WrongState(
            _("Ten minutes have passed, so this can no longer be undone. Each share can still be changed by itself.")
        )


def check_judgeable(match: PhotoMatch, *, answer: str, by: Actor) -> None:
    """Raise NotAllowed for photos of one's own work, BadInput for no answer, WrongState when another one stands."""
    if answer not in (PhotoMatch.Answer.SAME, PhotoMatch.Answer.DIFFERENT):
        raise BadInput(fields={"answer": _("Please say whether it is the same photo.")})
    touched = {match.hand_in.person_id, match.hand_in.typed_by_id, match.earlier.person_id, match.earlier.typed_by_id}
    if by.person_id is None or by.person_id in touched:
        raise NotAllowed(_("Nobody judges their own photos. Another coordinator must look at them."))
    if match.answer and match.answer != answer:
        raise WrongState(_("Somebody has already looked at these photos and said otherwise."))


def is_late(assignment: Assignment, *, now: datetime) -> bool:
    """True while the team still owes the work after the deadline."""
    owed = assignment.state in (State.GIVEN, State.ACCEPTED, State.RETURNED)
    return owed and assignment.task.due_at <= now
