"""Whom a file invites, and which files invite nobody: lists that were never given by the persons on them. Pure.

An invitation needs a number and, where the file says it, a unit. Names are not read: what is not needed is not kept.
Electoral rolls, bought and scraped lists are refused by what their columns are called and by what stands in them:
a roll is given to parties for the election, not to call voters (Registration of Electors Rules 1960, rule 22), and a
number without its owner's yes has no lawful use (Digital Personal Data Protection Act 2023, sections 4 and 6).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from toli.kit import secrets
from toli.kit.errors import BadInput
from toli.kit.phone import parse
from toli.org.importing.cells import bare, tidy
from toli.org.importing.headings import Columns, Patterns, is_numbering, repeats
from toli.org.importing.own import key_of
from toli.org.importing.reading import SheetRow
from toli.org.importing.rows import Reason

INVITEES = Patterns(
    {
        "phone": r"phone|mobile|mob\b|^contact( (no|number))?$|^number$|whatsapp|^caller$|msisdn"
        r"|फ़ोन|फोन|मोबाइल|मो नं|संपर्क|दूरभाष|^नंबर$",
        "unit_code": r"^(unit|place) code$|^(इकाई|क्षेत्र) (का )?कोड$",
        "unit": r"^(unit|place|area|district|constituency|assembly( constituency)?|block|booth)( name)?$|"
        r"^(इकाई|क्षेत्र|ज़िला|जिला|विधानसभा|विधानसभा क्षेत्र|ब्लॉक|मंडल|बूथ|स्थान)( का नाम)?$",
    },
    needed=[("phone",)],
)

# On the bare heading. Any one of them refuses the file.
NOT_GIVEN: Mapping[str, re.Pattern[str]] = {
    "roll": re.compile(
        r"\bepic\b|voter ?id|\bvoters?\b|\belectors?\b|electoral|^part (no|number)|^part$|section (no|number)"
        r"|serial (no|number) in part|^(sl|serial) (no|number) in|house (no|number)|^house$"
        r"|father|mother|husband|wife|relative|relation|guardian"
        r"|मतदाता|निर्वाचक|वोटर|ईपिक|पहचान पत्र|भाग (सं|संख्या|क्र|क्रमांक|नं)|^भाग$|अनुभाग"
        r"|मकान|गृह (सं|संख्या)|घर (सं|संख्या|नं)|पिता|पति\b|माता|पत्नी|संबंधी|रिश्तेदार"
    ),
    "bought": re.compile(
        r"\blead (id|source)|\bvendor|\bsubscriber|\boperator\b|telecom|\bcircle\b|\bimei\b|\bimsi\b|customer"
        r"|\bdata ?base\b|price|purchase|ग्राहक|विक्रेता|ख़रीद|खरीद"
    ),
    "scraped": re.compile(
        r"profile (url|link|id)|facebook|instagram|twitter|linkedin|scrap|crawl|group (name|link|id)|"
        r"followers?|user ?name|source url|प्रोफ़ाइल|प्रोफाइल"
    ),
}
_EPIC = re.compile(r"[A-Z]{3}\d{7}|[A-Z]{2}/\d{1,3}/\d{1,3}/\d{5,7}")
SAMPLE = 1_000


class InviteRow(NamedTuple):
    """A number to invite. `unit` is a text of the file, or a key such as "org:12"; empty: the batch's own unit."""

    line: int
    phone: str
    unit: str


def columns_not_given(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    """(column, why) for every column of a roll, a bought or a scraped list; by its name, or by voter-card numbers."""
    found: dict[int, tuple[str, str]] = {}
    for index, text in enumerate(heading):
        plain = bare(text)
        why = next((key for key, pattern in NOT_GIVEN.items() if pattern.search(plain)), "") if plain else ""
        if why and not INVITEES.fields["phone"].search(plain):
            found[index] = (tidy(text)[:80], why)
    filled, cards = [0] * len(heading), [0] * len(heading)
    for cells in rows:
        for index, cell in enumerate(cells[: len(heading)]):
            if cell:
                filled[index] += 1
                cards[index] += bool(_EPIC.fullmatch(cell.strip().upper()))
    for index, count in enumerate(cards):
        if count * 2 > filled[index] and index not in found:
            found[index] = (tidy(heading[index])[:80] or str(index + 1), "roll")
    return [found[index] for index in sorted(found)]


def read_rows(
    rows: Iterable[SheetRow], columns: Columns, *, demo: bool, refused: list[Reason]
) -> Iterator[InviteRow | None]:
    """One item per row of the file: what it invites, or None for a row with a reason (put into `refused`)."""
    phone, unit, code = (columns.at.get(name, -1) for name in ("phone", "unit", "unit_code"))
    for line, cells in rows:
        raw = cells[phone] if phone < len(cells) else ""
        if not raw or raw.isspace():
            refused.append(Reason(line, "no_phone", "phone", "", tuple(cells)))
            yield None
            continue
        try:
            number = parse(raw, demo=demo)
        except BadInput:
            if is_numbering(cells) or repeats(cells, columns):
                yield None
                continue
            refused.append(Reason(line, "bad_phone", "phone", "", tuple(cells)))
            yield None
            continue
        yield InviteRow(line, number, _unit(cells, unit, code))


def _unit(cells: Sequence[str], unit: int, code: int) -> str:
    if 0 <= code < len(cells) and cells[code].strip():
        return key_of(tidy(cells[code]))
    return tidy(cells[unit]) if 0 <= unit < len(cells) else ""


_TOKEN = re.compile(r"([0-9a-z]{1,13})-([A-Za-z0-9_-]{14})")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def token_of(invitation_id: int) -> str:
    """What stands in the link of an invitation: its number and 84 bits of a signature. Nothing of it is stored."""
    left, text = invitation_id, ""
    while left:
        left, digit = divmod(left, 36)
        text = _DIGITS[digit] + text
    return f"{text}-{_signed(invitation_id)}"


def id_of(token: str) -> int | None:
    """The invitation a link names; None for a link that is not ours."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    number = int(found[1], 36)
    return number if number < 2**63 and secrets.is_equal(_signed(number), found[2]) else None


def _signed(invitation_id: int) -> str:
    return secrets.signature("invitation", str(invitation_id))[:14]
