"""Facts read from a sheet, and what a card says of one. Pure: places are found by whoever calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from toli.content.cards import Words
from toli.kit import csvfile
from toli.kit.dates import date_text
from toli.kit.errors import BadInput, Sentence
from toli.kit.numbers import parse_rupees, rupees_said
from toli.kit.text import ascii_digits

COLUMNS: dict[str, tuple[str, ...]] = {
    "place": ("place", "code", "lgd", "lgd code", "ac", "constituency", "स्थान", "कोड", "विधानसभा"),
    "kind": ("kind", "type", "प्रकार"),
    "title_hi": ("title_hi", "hindi", "हिंदी", "हिन्दी", "विवरण"),
    "title_en": ("title_en", "english", "अंग्रेज़ी", "अंग्रेजी"),
    "amount": ("amount", "राशि", "रकम"),
    "on_date": ("on_date", "date", "तारीख", "तारीख़", "दिनांक"),
    "source_hi": ("source_hi", "source hindi", "स्रोत"),
    "source_en": ("source_en", "source", "source english"),
    "link": ("link", "url", "source_link", "लिंक"),
}
NEEDED = ("place", "title_hi", "title_en", "on_date", "source_hi", "source_en", "link")
MOST_ROWS = 5_000
TITLE_LENGTH, SOURCE_LENGTH = 240, 120
_KINDS = {"announcement": "announced", "announced": "announced", "घोषणा": "announced", "work": "work", "काम": "work",
          "कार्य": "work"}  # fmt: skip
ABOVE = {"announced": {"hi": "घोषणा", "en": "Announcement"}, "work": {"hi": "काम", "en": "Work"}}
SOURCE = {"hi": "स्रोत", "en": "Source"}


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact as somebody brought it in. `place` is what names the unit there."""

    place: str
    kind: str
    title: dict[str, str]
    amount_said: str
    amount_paise: int | None
    on_date: date
    source_name: dict[str, str]
    source_link: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken, by its line in the file, and why."""

    line: int
    place: str
    reason: Sentence


def read(data: bytes, *, today: date) -> Iterator[tuple[int, FactRow] | Refused]:
    """Every row of a CSV as a fact or a refusal. Raises BadInput for a file without the columns a fact needs."""
    rows = csvfile.read(data)
    columns = _columns(next((row.cells for row in rows if not row.is_blank), ()))
    count = 0
    for row in rows:
        if row.is_blank:
            continue
        count += 1
        if count > MOST_ROWS:
            raise BadInput(fields={"file": _("A file may have 5,000 facts. Please cut it into parts.")})
        cells = {name: row.cells[at] if at < len(row.cells) else "" for name, at in columns.items()}
        try:
            yield row.line, fact_of(cells, today=today)
        except BadInput as wrong:
            yield Refused(row.line, cells["place"], next(iter(wrong.fields.values()), wrong.sentence))


def _columns(header: Sequence[str]) -> dict[str, int]:
    names = [cell.strip().casefold() for cell in header]
    found = {key: names.index(word) for key, words in COLUMNS.items() for word in words if word in names}
    missing = [key for key in NEEDED if key not in found]
    if missing:
        sentence = _("The file lacks the columns %(names)s. Nothing was brought in.")
        raise BadInput(fields={"file": sentence % {"names": ", ".join(missing)}})
    return found


def fact_of(cells: dict[str, str], *, today: date) -> FactRow:
    """A fact from words. Raises BadInput naming each field that cannot stay."""
    wrong: dict[str, object] = {}

    def take(name: str, make: Callable[[], object]) -> object:
        try:
            return make()
        except BadInput as fault:
            wrong[name] = next(iter(fault.fields.values()), fault.sentence)
            return None

    said = cells.get("amount", "").strip()
    amount = take("amount", lambda: parse_rupees(said)) if said else None
    day = take("on_date", lambda: day_of(cells["on_date"], today))
    link = take("link", lambda: link_of(cells.get("link", "")))
    kind = take("kind", lambda: _kind_of(cells.get("kind", "")))
    for name, most, sentence in _TEXTS:
        text = cells.get(name, "").strip()
        if not text:
            wrong[name] = sentence
        elif len(text) > most:
            wrong[name] = _("This is too long. At most %(most)d characters.") % {"most": most}
    if not cells.get("place", "").strip():
        wrong["place"] = _("Please say for which place: a code or a name.")
    if wrong:
        raise BadInput(fields=wrong)
    assert isinstance(day, date)
    return FactRow(
        place=cells["place"].strip(), kind=str(kind), title=_both(cells, "title"), amount_said=said,
        amount_paise=amount if isinstance(amount, int) else None, on_date=day, source_name=_both(cells, "source"),
        source_link=str(link),
    )  # fmt: skip


_TEXTS: tuple[tuple[str, int, Sentence], ...] = (
    ("title_hi", TITLE_LENGTH, _("Please write in Hindi what it is.")),
    ("title_en", TITLE_LENGTH, _("Please write in English what it is.")),
    ("source_hi", SOURCE_LENGTH, _("Please name the source in Hindi. Without a source there is no fact.")),
    ("source_en", SOURCE_LENGTH, _("Please name the source in English. Without a source there is no fact.")),
)


def _both(cells: dict[str, str], name: str) -> dict[str, str]:
    return {tag: cells[f"{name}_{tag}"].strip() for tag in ("hi", "en")}


def _kind_of(text: str) -> str:
    if not text.strip():
        return "announced"
    found = _KINDS.get(text.strip().casefold())
    if found is None:
        raise BadInput(_("The kind is announcement or work."))
    return found


def link_of(text: str) -> str:
    """An address of a page, or nothing. Raises BadInput for anything else."""
    link = text.strip()
    if not link:
        return ""
    parts = urlsplit(link)
    if parts.scheme not in ("http", "https") or "." not in parts.netloc or len(link) > 500 or " " in link:
        raise BadInput(_("The source link is no address of a page (https://…)."))
    return link


def day_of(text: str, today: date) -> date:
    """A day as people write it: 2024-03-12 or 12/03/2024 (day first). Raises BadInput, also for a day to come."""
    plain = ascii_digits(text).strip()
    year_first = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", plain)
    day_first = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", plain)
    try:
        if year_first:
            found = date(*(int(part) for part in year_first.groups()))
        elif day_first:
            found = date(*(int(part) for part in reversed(day_first.groups())))
        else:
            raise ValueError
    except ValueError:
        raise BadInput(_("Please write the day as 12/03/2024.")) from None
    if found > today:
        raise BadInput(_("A fact lies behind us. This day is still to come."))
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it is drawn and written for one constituency."""

    kind: str
    title: dict[str, str]
    amount_paise: int | None
    on_date: date
    source_name: dict[str, str]
    source_link: str
    constituency: dict[str, str]
    place: dict[str, str]
    by: dict[str, str]


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en") or texts.get("hi") or ""


def where(told: Told, language: str) -> str:
    """The constituency, with the place inside it where the fact belongs to one."""
    seat, place = _in(told.constituency, language), _in(told.place, language)
    return seat if place == seat else f"{seat} · {place}"


def source_line(told: Told, language: str) -> str:
    """Who published it, when, and where it can be read."""
    parts = urlsplit(told.source_link)
    address = f" · {parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}" if told.source_link else ""
    day = date_text(told.on_date, language)
    return f"{SOURCE[language]}: {_in(told.source_name, language)}, {day}{address}"


def words_of(told: Told, language: str) -> Words:
    """What stands on the card of this fact in this language."""
    amount = rupees_said(told.amount_paise, language) if told.amount_paise else ""
    above = f"{ABOVE[told.kind][language]} · {date_text(told.on_date, language)}"
    return Words(
        place=where(told, language), above=above, amount=amount, title=_in(told.title, language),
        source=source_line(told, language), by=_in(told.by, language),
    )  # fmt: skip


def text_of(told: Told, language: str) -> str:
    """The same as a text to paste: place, amount, what it is, and the source with its whole address."""
    amount = f"{rupees_said(told.amount_paise, language)}: " if told.amount_paise else ""
    link = f"\n{told.source_link}" if told.source_link else ""
    day = date_text(told.on_date, language)
    source = f"{SOURCE[language]}: {_in(told.source_name, language)}, {day}{link}"
    return f"{where(told, language)}\n{amount}{_in(told.title, language)}\n{source}"
