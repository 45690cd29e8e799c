"""What may be written, and who may say yes to it."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from toli.content.models import APPROVALS_NEEDED, Item, Sheet, State
from toli.content.wording import Wording
from toli.elections.gate import Subject
from toli.kit.errors import BadInput, LimitReached, NotAllowed, WrongState

LANGUAGES = ("hi", "en")
SLOGAN_LENGTH = 160
TEXT_LENGTH = 1000
SOURCE_LENGTH = 120
SHEET_SIZE = 200
APPROVABLE = (State.SUBMITTED, State.APPROVED, State.OUT)


def check_wording(wording: Wording) -> None:
    """Raises BadInput naming each field that cannot stay as it is."""
    wrong: dict[str, object] = {}
    longest = SLOGAN_LENGTH if wording.kind == Item.Kind.SLOGAN else TEXT_LENGTH
    for tag in LANGUAGES:
        if not wording.texts.get(tag, "").strip():
            wrong[f"text_{tag}"] = _("Please write the text in this language too.")
        elif len(wording.texts[tag]) > longest:
            wrong[f"text_{tag}"] = _("This is too long. At most %(most)d characters.") % {"most": longest}
        if not wording.sources.get(tag, "").strip():
            wrong[f"source_{tag}"] = _("Please say whose text this is. The line goes with every share.")
        elif len(wording.sources[tag]) > SOURCE_LENGTH:
            wrong[f"source_{tag}"] = _("This is too long. At most %(most)d characters.") % {"most": SOURCE_LENGTH}
    if wording.kind == Item.Kind.PICTURE and not wording.file_hash:
        wrong["file"] = _("Please choose the picture.")
    if wording.on_date and wording.constituency_id is None:
        wrong["constituency"] = _("Today's item needs a constituency.")
    if wrong:
        raise BadInput(fields=wrong)


def check_sheet_size(count: int) -> None:
    """Raises LimitReached above 200 slogans, BadInput for none."""
    if count > SHEET_SIZE:
        raise LimitReached(_("A sheet holds at most 200 slogans. Make a second one."))
    if count == 0:
        raise BadInput(_("Write at least one slogan."))


def check_approvable(item: Item, *, seen_hash: str, by: int | None, authors: Collection[int | None]) -> None:
    """Raises NotAllowed for one's own, WrongState when it is not waiting or changed since it was seen."""
    if by is None or by in authors:
        raise NotAllowed(_("Nobody approves their own text. Another person has to approve it."))
    if item.state not in APPROVABLE:
        raise WrongState(_("This is not waiting for approval."))
    if item.hash != seen_hash:
        raise WrongState(_("The text was changed after you opened it. Please read it again before you approve."))


def sheet_hash(items: Sequence[Item]) -> str:
    """One hash over the list of the slogans' hashes, in their order."""
    return hashlib.sha256("\n".join(item.hash for item in items).encode()).hexdigest()


def check_sheet_approvable(
    sheet: Sheet,
    items: Sequence[Item],
    *,
    seen_hash: str,
    by: int | None,
    authors: Mapping[int, Collection[int | None]],
) -> None:
    """As for one item, for all that stand on the sheet."""
    if by is None or any(by in authors[item.pk] for item in items):
        raise NotAllowed(_("Nobody approves their own text. Another person has to approve it."))
    if sheet.state not in APPROVABLE or not items:
        raise WrongState(_("This is not waiting for approval."))
    if sheet_hash(items) != seen_hash:
        raise WrongState(_("A slogan was changed after you opened the sheet. Please read it again before you approve."))


def is_cleared(people: Iterable[int]) -> bool:
    """True when enough different persons said yes to this wording."""
    return len(set(people)) >= APPROVALS_NEEDED


def check_editable(item: Item) -> None:
    """Raises WrongState for what was withdrawn: it stays as it was, to be seen later."""
    if item.state == State.WITHDRAWN:
        raise WrongState(_("This was withdrawn. Write a new one."))


def check_submittable(state: str) -> None:
    if state != State.DRAFT:
        raise WrongState(_("This has already been sent for approval."))


def subject_of(item: Item) -> Subject:
    """What the gate must know of an item."""
    return Subject(
        kind=item.matter, hash=item.hash, paid=item.paid, ai=item.ai,
        topics=frozenset(item.topics), names_units=frozenset(item.names_units),
    )  # fmt: skip
