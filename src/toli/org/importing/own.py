"""Our own CSV: one unit per row, its parent by code. The layout is described in docs/import.md."""

import re
from collections.abc import Callable, Mapping, Sequence

from toli.org.importing.cells import bare, tidy
from toli.org.importing.headings import is_numbering
from toli.org.importing.reading import Sheet
from toli.org.importing.rows import EMPTY, Parsed, UnitRow, kept_units

_FIXED = {
    "level": "level", "स्तर": "level",
    "code": "code", "कोड": "code",
    "parent": "parent", "parent code": "parent", "ऊपर का कोड": "parent", "ऊपर की इकाई": "parent",
    "electoral parent": "electoral_parent", "चुनावी ऊपर का कोड": "electoral_parent",
    "administrative parent": "administrative_parent", "प्रशासनिक ऊपर का कोड": "administrative_parent",
    "aliases": "aliases", "other names": "aliases", "दूसरे नाम": "aliases",
    "name": "name en", "नाम": "name hi",
}  # fmt: skip
_OPEN = re.compile(r"(name|code|fact) [a-z][a-z0-9 ]{0,30}")
_LEVELS = {
    "राज्य": "state", "संभाग": "division", "ज़िला": "district", "जिला": "district", "विधानसभा": "constituency",
    "विधानसभा क्षेत्र": "constituency", "मंडल": "block", "ब्लॉक": "block", "बूथ": "booth", "पंचायत समिति": "samiti",
    "ग्राम पंचायत": "panchayat", "लोकसभा": "parliament", "लोकसभा क्षेत्र": "parliament",
}  # fmt: skip


def parse_own(
    sheet: Sheet, *, columns: Mapping[str, int] | None = None, start: int = 0, level: str = ""
) -> Parsed[UnitRow]:
    """Units with the codes they state. A file without `level`, `code` and a name column is refused whole.

    `columns` and `level` (of every row, where no column says it) come from a mapping file, if any.
    """
    parsed = Parsed(rows=kept_units(), encoding=sheet.encoding, lines=len(sheet.rows) + sheet.blank)
    parsed.skipped["blank"] = sheet.blank
    for line, code, detail in sheet.notes:
        parsed.note(line, code, detail=detail)
    if columns is not None:
        sheet.heading_line = sheet.rows[start - 1].line if start else 0
        _read(sheet, start, {_spaced(name): at for name, at in columns.items()}, parsed, level)
        return parsed
    for start, row in enumerate(sheet.rows[:40]):
        found = own_columns(row.cells)
        if "level" in found and "code" in found and any(name.startswith("name ") for name in found):
            parsed.unread_columns = _unread(row.cells)
            parsed.skipped["title"] += start
            sheet.heading_line = row.line
            _read(sheet, start + 1, found, parsed)
            return parsed
    parsed.refuse(0, "no_heading", detail=", ".join(sheet.rows[0].cells[:6]) if sheet.rows else "")
    return parsed


def own_columns(headings: Sequence[str]) -> dict[str, int]:
    """Field -> index. `name_hi`, `code_lgd` and `fact_pin` are open families; the rest is a fixed list."""
    found: dict[str, int] = {}
    for index, heading in enumerate(headings):
        found.setdefault(_field(heading), index)
    found.pop("", None)
    return found


def _spaced(name: str) -> str:
    """`name_hi` of a mapping file is the family `name hi`."""
    return name.replace("_", " ") if name.startswith(("name_", "code_", "fact_")) else name


def _field(heading: str) -> str:
    text = bare(heading)
    return _FIXED.get(text) or (text if _OPEN.fullmatch(text) else "")


def _unread(headings: Sequence[str]) -> list[str]:
    seen: set[str] = set()
    unread = []
    for heading in headings:
        field = _field(heading)
        if bare(heading) and (not field or field in seen):
            unread.append(tidy(heading)[:80])
        seen.add(field)
    return unread


def _family(columns: dict[str, int], prefix: str) -> list[tuple[str, int]]:
    return [(name[len(prefix) :].replace(" ", "_"), at) for name, at in columns.items() if name.startswith(prefix)]


def _at(columns: dict[str, int], name: str) -> Callable[[Sequence[str]], str]:
    index = columns.get(name)
    if index is None:
        return lambda cells: ""
    return lambda cells: cells[index].strip()


def _read(sheet: Sheet, start: int, columns: dict[str, int], parsed: Parsed[UnitRow], every: str = "") -> None:
    """The loop is written out flat: a state has a hundred thousand rows and each call costs."""
    level_of, code_of, parent_of = (_at(columns, name) for name in ("level", "code", "parent"))
    electoral_of, administrative_of = _at(columns, "electoral_parent"), _at(columns, "administrative_parent")
    aliases_of = _at(columns, "aliases")
    names_at, codes_at, facts_at = (_family(columns, prefix) for prefix in ("name ", "code ", "fact "))
    width = max(columns.values()) + 1
    levels: dict[str, str] = {}
    append = parsed.rows.append
    for line, cells in sheet.rows[start:]:
        if len(cells) < width:
            parsed.refuse(line, "short_row", detail=f"{len(cells)} / {width}", cells=tuple(cells))
            continue
        stated = level_of(cells) or every
        level = levels.get(stated) or levels.setdefault(stated, level_key(stated))
        code = code_of(cells)
        names = {tag: tidy(cells[at]) for tag, at in names_at if cells[at] and not cells[at].isspace()}
        missing = "no_level" if not level else "no_code" if not code else "" if names else "no_name"
        if missing:
            _refuse_or_skip(parsed, line, missing, cells)
            continue
        more = tuple([(scheme, cells[at].strip()) for scheme, at in codes_at if cells[at].strip()])
        facts = {key: tidy(cells[at]) for key, at in facts_at if cells[at].strip()} if facts_at else EMPTY
        aliases = aliases_of(cells)
        append(
            UnitRow(
                line, level, key_of(code), key_of(parent_of(cells)), names,
                tuple([tidy(alias) for alias in aliases.split(";") if alias.strip()]) if aliases else (),
                (split_key(key_of(code)), *more),
                key_of(electoral_of(cells)), key_of(administrative_of(cells)), facts,
            )
        )  # fmt: skip


def _refuse_or_skip(parsed: Parsed[UnitRow], line: int, reason: str, cells: list[str]) -> None:
    if is_numbering(cells):
        parsed.skipped["numbering"] += 1
    elif {"level", "code"} <= own_columns(cells).keys():
        parsed.skipped["heading"] += 1
    else:
        parsed.refuse(line, reason, column=reason.removeprefix("no_"), cells=tuple(cells))


def level_key(text: str) -> str:
    folded = bare(text)
    return _LEVELS.get(folded) or folded.replace(" ", "_")


def key_of(code: str) -> str:
    """A code with its scheme: `eci:S20/179` stays, `RJ-17` is our own `org:RJ-17`."""
    if not code:
        return ""
    head, colon, tail = code.partition(":")
    return code if colon and tail and re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", head) else f"org:{code}"


def split_key(key: str) -> tuple[str, str]:
    scheme, _, value = key.partition(":")
    return scheme, value
