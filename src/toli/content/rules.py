"""What may be written, and who may say yes to it."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from toli.content import blanks, series
from toli.content.compliance import LEAST_REASON, Question, unread
from toli.content.ledger import PAYEE_LENGTH, PURPOSE_LENGTH, Payment
from toli.content.models import Campaign, ChannelText, Episode, Item, Media, PersonShown, Sheet, Spend, State
from toli.content.printing import Imprint
from toli.content.wording import Wording
from toli.elections.gate import DESK, Certificate, Subject, Verdict, may_publish
from toli.elections.windows import Windows
from toli.kit import language
from toli.kit.errors import BadInput, LimitReached, NotAllowed, WrongState
from toli.kit.numbers import parse_rupees

LANGUAGES = ("hi", "en")
SLOGAN_LENGTH = 160
TEXT_LENGTH = 1000
SOURCE_LENGTH = 120
TITLE_LENGTH = 120
SHEET_SIZE = 200
COMMENT_LENGTH = 2000
URGENT_FOR = timedelta(minutes=5)
"""How long an urgent item may be cleared by any two on duty; afterwards it waits like any other."""
NEEDED = _("Please fill this in.")
TOO_LONG = _("This is too long.")
ENDED = _("This has already ended.")
FILE_OF: Mapping[str, str] = {
    Item.Kind.PICTURE: Media.Kind.IMAGE, Item.Kind.VIDEO: Media.Kind.VIDEO, Item.Kind.AUDIO: Media.Kind.AUDIO,
    Item.Kind.PAPER: Media.Kind.PDF,
}  # fmt: skip
MEDIA_REFUSALS = {
    "unreadable": _("This video or sound cannot be read."),
    "pixels": _("This video has too many pixels. At most 4096 × 2304."),
    "long": _("This video or sound is longer than 15 minutes."),
    "slow": _("Preparing this file took more than 15 minutes. Please send a shorter one."),
}
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
    wrong.update(_wrong_channels(wording))
    if wording.kind == Item.Kind.TEMPLATE:
        wrong.update(_wrong_blanks(wording))
    if wording.kind in FILE_OF and not wording.file_hash:
        wrong["library"] = _("Please choose the file from the library, or send a picture.")
    if wording.on_date and wording.constituency_id is None:
        wrong["constituency"] = _("Today's item needs a constituency.")
    if wrong:
        raise BadInput(fields=wrong)


CHANNEL_LENGTHS = {"x": 280}
"""Letters of a post without a paid account, as the platform counts them for Devanagari and Latin alike."""


def _wrong_channels(wording: Wording) -> dict[str, object]:
    wrong: dict[str, object] = {}
    for channel, texts in wording.channels.items():
        most = CHANNEL_LENGTHS.get(channel, TEXT_LENGTH)
        if channel not in ChannelText.Channel.values:
            wrong["channel"] = _("Please choose a channel.")
        for tag in LANGUAGES:
            if not texts.get(tag, "").strip():
                wrong[f"text_{tag}"] = _("Please write the text in this language too.")
            elif len(texts[tag]) > most:
                wrong[f"text_{tag}"] = _("This is too long. At most %(most)d characters.") % {"most": most}
    return wrong


def _wrong_blanks(wording: Wording) -> dict[str, object]:
    wrong: dict[str, object] = {}
    for tag in LANGUAGES:
        text = wording.texts.get(tag, "")
        if unknown := blanks.unknown_in(text):
            sentence = _("Nobody can fill %(unknown)s. There are: %(known)s.")
            known = ", ".join(f"{{{names[0 if tag == 'en' else 1]}}}" for names in blanks.BLANKS.values())
            wrong[f"text_{tag}"] = sentence % {"unknown": ", ".join(unknown), "known": known}
        elif not blanks.keys_in(text):
            wrong[f"text_{tag}"] = _("A template has at least one blank in braces.")
    return wrong


def check_payment(payment: Payment, *, is_constituency: bool, today: date) -> None:
    """Raises BadInput naming each field of a payment that a statement could not show."""
    wrong: dict[str, object] = {}
    if payment.account not in Spend.Account.values:
        wrong["account"] = _("Please say whose account it is.")
    elif payment.account == Spend.Account.CANDIDATE and not is_constituency:
        wrong["account"] = _("A candidate's account belongs to one constituency.")
    if payment.head not in Spend.Head.values:
        wrong["head"] = _("Please choose what it was spent on.")
    if payment.on_date > today:
        wrong["on_date"] = _("This day is still to come.")
    for name, most in (("payee", PAYEE_LENGTH), ("purpose", PURPOSE_LENGTH)):
        if not getattr(payment, name).strip():
            wrong[name] = NEEDED
        elif len(getattr(payment, name)) > most:
            wrong[name] = TOO_LONG
    try:
        parse_rupees(payment.amount)
    except BadInput as error:
        wrong["amount"] = error.sentence
    if wrong:
        raise BadInput(fields=wrong)


def check_file(wording: Wording, media: Media | None, today: date) -> None:
    """Raises BadInput unless the wording speaks of exactly this file, and the file may be shown on this day.

    That something made with AI is labelled is said by the file, whose label was burnt in, and by nobody else.
    """
    if media is None:
        if wording.file_hash or wording.ai == Item.Ai.LABELLED:
            raise BadInput(fields={"library": _("Please choose the file from the library, or send a picture.")})
        return
    if wording.file_hash != media.digest or wording.ai != media.ai:
        raise BadInput(fields={"library": _("This file was changed meanwhile. Please choose it again.")})
    if wording.kind in FILE_OF and FILE_OF[wording.kind] != media.kind:
        raise BadInput(fields={"library": _("This file is of another kind than the text says.")})
    check_usable(media, media.persons.all(), today)


def check_usable(media: Media, persons: Iterable[PersonShown], today: date) -> None:
    """Raises BadInput for a file that is not ready, not labelled, or shows somebody who did not agree to it."""
    if media.state != Media.State.READY or media.says_label:
        raise BadInput(fields={"library": _("This file is not ready, or was taken out of use.")})
    if media.ai == Media.Ai.UNLABELLED:
        raise BadInput(fields={"library": _("This file was made with AI and has no label. Use the labelled one.")})
    if media.shows_people and missing_consent(persons, today):
        raise BadInput(
            fields={
                "library": _(
                    "Somebody shown here has not agreed to it, or only until an earlier day. Note the consent first."
                )
            }
        )


def missing_consent(persons: Iterable[PersonShown], today: date) -> bool:
    """True when nobody's yes is noted, or somebody's has ended and was not given again."""
    holds: dict[str, bool] = {}
    for one in persons:
        name = one.name.lower()
        holds[name] = holds.get(name, False) or one.holds_on(today)
    return not holds or not all(holds.values())


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


def check_urgency(item: Item, urgent: bool) -> None:
    """Raises WrongState where haste is not allowed."""
    if urgent and item.careful:
        raise WrongState(
            _("What is paid, made with AI, names a person or is marked cannot be urgent. Send it the usual way.")
        )


def check_answered(missing: Mapping[str, Question]) -> None:
    """Raises BadInput naming each marked passage without a reason, by its key."""
    if missing:
        sentence = _("Say why each marked passage may stay, or ask for other words.")
        raise BadInput(sentence, fields={f"why-{key}": _("Please write why this may stay.") for key in missing})


def check_points(ticked: Collection[str], *, needed: bool) -> None:
    """Raises BadInput while the code of conduct holds and a point of it was not read."""
    if needed and (missing := unread(ticked)):
        raise BadInput(
            _("The code of conduct holds there. Read the text against every point and tick it."),
            fields={f"point-{point.key}": _("Please read the text against this point.") for point in missing},
        )


def check_hold(item: Item, reason: str) -> None:
    """Raises WrongState for what cannot go out anyway, BadInput without a reason."""
    if item.state not in APPROVABLE:
        raise WrongState(_("Only what is sent for approval or approved can be held."))
    check_reason(reason)


def check_reason(reason: str) -> None:
    """Raises BadInput for a reason nobody could act on."""
    if len(reason.strip()) < LEAST_REASON:
        raise BadInput(fields={"reason": _("Please say why in a few words.")})


def verdict_of_papers(item: Item, now: datetime) -> Verdict:
    """What the gate says of the item itself, wherever and whenever it goes: its AI label, its certificate."""
    return may_publish(subject_of(item), None, DESK, now, windows=Windows())


def words_of(verdict: Verdict) -> dict[str, str]:
    """The gate's sentence and advice in the page's language."""
    tag = language.current()
    return {"why": verdict.text(tag), "what": verdict.advice(tag)}


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
        kind=item.matter, hash=item.hash, paid=item.paid, ai=item.ai, certificate=_certificate(item),
        topics=frozenset(item.topics), names_units=frozenset(item.names_units),
    )  # fmt: skip


def _certificate(item: Item) -> Certificate | None:
    """The last one recorded for the wording of now."""
    rows = (row for row in item.certificates.all() if row.hash == item.hash)
    found = max(rows, key=lambda row: row.recorded_at, default=None)
    return Certificate(found.number, found.committee, found.valid_until, found.hash) if found else None


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose move it is, and since when."""

    whose: str
    """writer, approvers, holder, publisher or nobody."""
    since: datetime


def turn_of(item: Item, *, held_at: datetime | None) -> Turn:
    """Who holds an item now: what the clock beside it counts."""
    if held_at is not None:
        return Turn("holder", held_at)
    whose = {State.DRAFT: "writer", State.SUBMITTED: "approvers", State.APPROVED: "publisher"}
    return Turn(whose.get(State(item.state), "nobody"), item.changed_at)


def check_rights(title: str, owner: str, licence: str, source: str) -> None:
    """Raises BadInput for a file of which nobody says whose it is."""
    wrong: dict[str, object] = {}
    if not title.strip():
        wrong["title"] = _("Please give the file a name by which others find it.")
    if not owner.strip():
        wrong["owner"] = _("Please say whose work this is.")
    if licence not in Media.Licence.values:
        wrong["licence"] = _("Please say by what right we use it.")
    elif licence != Media.Licence.OWN and not source.strip():
        wrong["source"] = _("Please say where it comes from, with the name of the licence or of who permitted it.")
    if wrong:
        raise BadInput(fields=wrong)


class Declared(Protocol):
    """What `check_made` looks at."""

    @property
    def label(self) -> str: ...
    @property
    def tool(self) -> str: ...
    @property
    def responsible(self) -> str: ...


def check_made(made: Declared | None) -> None:
    """Raises BadInput for half a declaration (rule 9: tool, label and who answers for it)."""
    if made is None:
        return
    wrong: dict[str, object] = {}
    if made.label not in Media.Label.values:
        wrong["label"] = _("Please choose the label.")
    if not made.tool.strip():
        wrong["tool"] = _("Please name the tool.")
    if not made.responsible.strip():
        wrong["responsible"] = _("Please name who answers for it. The law wants the name in the file.")
    if wrong:
        raise BadInput(fields=wrong)


def check_person(name: str, how: str, said_on: date, until: date | None, today: date) -> None:
    """Raises BadInput for a consent nobody could prove."""
    wrong: dict[str, object] = {}
    if not name.strip():
        wrong["name"] = _("Please write who is shown.")
    if how not in PersonShown.How.values:
        wrong["how"] = _("Please say how they agreed.")
    if said_on > today:
        wrong["said_on"] = _("This day is still to come.")
    if until is not None and until < said_on:
        wrong["until"] = _("The consent cannot end before it was given.")
    if wrong:
        raise BadInput(fields=wrong)


def check_order(title: str, matter: str, sources: Mapping[str, str]) -> None:
    """Raises BadInput for an order of cards that lacks its name or whose cards they are."""
    wrong: dict[str, object] = {}
    if not title.strip():
        wrong["title"] = _("Please give these cards a name.")
    if matter not in Item.Matter.values:
        wrong["matter"] = _("Please say what it is about.")
    for tag in LANGUAGES:
        if not sources.get(tag, "").strip():
            wrong[f"source_{tag}"] = _("Please say whose text this is. The line goes with every share.")
        elif len(sources[tag]) > SOURCE_LENGTH:
            wrong[f"source_{tag}"] = _("This is too long. At most %(most)d characters.") % {"most": SOURCE_LENGTH}
    if wrong:
        raise BadInput(fields=wrong)


MOST_COPIES = 10_000_000


def check_imprint(imprint: Imprint) -> None:
    """Raises BadInput: section 127A of the Act of 1951 wants both names and addresses, and the copies."""
    wrong: dict[str, object] = {}
    for name in ("printer", "printer_address", "publisher", "publisher_address"):
        if not getattr(imprint, name).strip():
            wrong[name] = _("The law wants this on every copy (section 127A).")
        elif len(getattr(imprint, name)) > SOURCE_LENGTH:
            wrong[name] = _("This is too long. At most %(most)d characters.") % {"most": SOURCE_LENGTH}
    if not 1 <= imprint.copies <= MOST_COPIES:
        wrong["copies"] = _("Please say how many copies are printed.")
    if wrong:
        raise BadInput(fields=wrong)


def check_titled_span(title: Mapping[str, str], last: date, first: date, name: str) -> None:
    """Raises BadInput for a plan without its name in both languages, or one that ends before it begins."""
    wrong: dict[str, object] = {}
    for tag in LANGUAGES:
        if not title.get(tag, "").strip():
            wrong[f"title_{tag}"] = NEEDED
        elif len(title[tag]) > TITLE_LENGTH:
            wrong[f"title_{tag}"] = TOO_LONG
    if last < first:
        wrong[name] = _("The last day lies before the first.")
    if wrong:
        raise BadInput(fields=wrong)


class SeriesPlan(Protocol):
    """What `check_series` looks at."""

    @property
    def title(self) -> Mapping[str, str]: ...
    @property
    def from_on(self) -> date: ...
    @property
    def until_on(self) -> date: ...
    @property
    def weekdays(self) -> Sequence[int]: ...
    @property
    def languages(self) -> Sequence[str]: ...


def check_series(plan: SeriesPlan, campaign: Campaign) -> None:
    """Raises BadInput for a series without days or languages, or that outlasts its campaign."""
    check_titled_span(plan.title, plan.until_on, plan.from_on, "until_on")
    wrong: dict[str, object] = {}
    if plan.from_on < campaign.starts_on or plan.until_on > campaign.ends_on:
        wrong["until_on"] = _("A series lies inside the days of its campaign.")
    elif (plan.until_on - plan.from_on).days >= series.LONGEST:
        wrong["until_on"] = _("A series runs at most 400 days. Begin a second one.")
    if not set(plan.weekdays) or not set(plan.weekdays) <= set(range(7)):
        wrong["weekdays"] = _("Please choose at least one day of the week.")
    if not set(plan.languages) or not set(plan.languages) <= set(LANGUAGES):
        wrong["languages"] = _("Please choose at least one language.")
    if wrong:
        raise BadInput(fields=wrong)


def check_fill(episode: Episode, item: Item, *, language: str, seat: int | None) -> None:
    """Raises BadInput for an item that cannot be this episode, WrongState for one that was withdrawn."""
    check_editable(item)
    plan = episode.series
    if item.kind != plan.kind or item.sheet_id is not None:
        raise BadInput(fields={"item": _("This item is of another kind than the series.")})
    if item.constituency_id != seat:
        raise BadInput(fields={"item": _("This item is for another place than the one chosen here.")})
    if item.on_date not in (None, episode.on_date):
        raise BadInput(fields={"item": _("This item is for another day.")})
    if seat is not None and seat not in plan.seats:
        raise BadInput(fields={"constituency": _("The series wants no variant for this constituency.")})
    if language and language not in plan.languages:
        raise BadInput(fields={"language": _("The series is not made in this language.")})
