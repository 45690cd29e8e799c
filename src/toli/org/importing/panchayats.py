"""The list of a state's village councils: district, panchayat samiti, panchayat; one row per election held.

A panchayat is keyed by all three names: its own name alone is far from unique.
"""

from collections.abc import Mapping, Sequence

from toli.org.importing.cells import bare, tidy
from toli.org.importing.headings import Columns, Patterns, is_numbering, repeats
from toli.org.importing.reading import Sheet, SheetRow
from toli.org.importing.rows import PanchayatRow, Parsed, UnitRow

PANCHAYATS = Patterns(
    {
        "panchayat": r"^(name of )?(the )?(gram|village) panchayat( name)?$|^(ग्राम )?पंचायत( का नाम)?$|^gp( name)?$",
        "samiti": r"^(name of )?(the )?(panchayat )?samiti( name)?$|^(पंचायत )?समिति( का नाम)?$|"
        r"^block( name)?$|^(ब्लॉक|खंड|खण्ड)$",
        "district": r"^(name of )?(the )?(district|zila|jila)( name)?$|^(ज़िला|जिला|जनपद)( का नाम)?$",
        "reservation": r"^(seat )?(category|reservation|reserved)( for| category)?$|^(आरक्षण|श्रेणी|वर्ग)$",
        "election_type": r"^election type$|^चुनाव का प्रकार$",
        "election": r"^election (duration|month|date)$|^चुनाव (माह|तिथि|तारीख)$",
        "electors": r"^(total )?(electors|voters)$|^(कुल )?मतदाता$",
        "polled": r"^(votes )?polled$|^मतदान$",
        "poll_percent": r"^poll (percent|percentage)$|^मतदान प्रतिशत$",
    },
    needed=[("panchayat",), ("samiti",), ("district",)],
)
_SAMITI_TAIL = (" panchayat samiti", " पंचायत समिति", " samiti", " ps")
_FACTS = ("reservation", "electors")
SCHEME = "panchayat-list"


def parse_panchayats(sheet: Sheet, *, columns: Columns | None = None, start: int = 0) -> Parsed[PanchayatRow]:
    """One row per panchayat: the same panchayat in a later election is noted and its facts replace the older ones."""
    parsed: Parsed[PanchayatRow] = Parsed(encoding=sheet.encoding, lines=len(sheet.rows) + sheet.blank)
    parsed.skipped["blank"] = sheet.blank
    for line, code, detail in sheet.notes:
        parsed.note(line, code, detail=detail)
    if columns is None:
        found = PANCHAYATS.find(sheet.rows)
        if not found:
            parsed.refuse(0, "no_heading", detail=", ".join(sheet.rows[0].cells[:6]) if sheet.rows else "")
            return parsed
        start, columns = found
    parsed.unread_columns = list(columns.unread)
    parsed.skipped["title"] += start
    sheet.heading_line = sheet.rows[start - 1].line if start else 0
    _read(sheet.rows[start:], columns, parsed)
    return parsed


def _read(rows: Sequence[SheetRow], columns: Columns, parsed: Parsed[PanchayatRow]) -> None:
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        names = [columns.cell(row.cells, name) for name in ("district", "samiti", "panchayat")]
        if is_numbering(row.cells) or repeats(row.cells, columns):
            parsed.skipped["heading"] += 1
            continue
        if not all(names):
            missing = ("district", "samiti", "panchayat")[[bool(name) for name in names].index(False)]
            parsed.refuse(row.line, f"no_{missing}", column=missing, cells=tuple(row.cells))
            continue
        facts = {key: text for key in _FACTS if (text := columns.cell(row.cells, key))}
        panchayat = PanchayatRow(row.line, names[0], samiti_name(names[1]), names[2], facts)
        _keep(panchayat, seen, parsed)


def _keep(row: PanchayatRow, seen: dict[tuple[str, str, str], int], parsed: Parsed[PanchayatRow]) -> None:
    key = bare(row.district), bare(row.samiti), bare(row.panchayat)
    if key in seen:
        parsed.rows[seen[key]] = parsed.rows[seen[key]]._replace(facts=row.facts)
        parsed.note(row.line, "same_panchayat_again", detail=str(parsed.rows[seen[key]].line))
        return
    seen[key] = len(parsed.rows)
    parsed.rows.append(row)


def samiti_name(text: str) -> str:
    """The samiti without the words "panchayat samiti" that the list adds to each name."""
    lowered = text.casefold()
    tail = next((tail for tail in _SAMITI_TAIL if lowered.endswith(tail)), "")
    return text[: len(text) - len(tail)].strip(" -,") or text


def panchayat_units(rows: list[PanchayatRow], *, state: str, districts: Mapping[str, str]) -> list[UnitRow]:
    """Districts, samitis and panchayats of a state. `districts`: bare name -> key of those that need no row here."""
    units: dict[str, UnitRow] = {}
    for row in rows:
        district = f"{state}/{bare(row.district)}"
        key = districts.get(bare(row.district), f"{SCHEME}:{district}")
        if key.startswith(SCHEME) and key not in units:
            units[key] = _unit(row.line, "district", key, f"eci:{state}", row.district)._replace(loose=True)
        samiti = f"{SCHEME}:{district}/{bare(row.samiti)}"
        if samiti not in units:
            units[samiti] = _unit(row.line, "samiti", samiti, "", row.samiti, key)
        own = f"{samiti}/{bare(row.panchayat)}"
        units[own] = _unit(row.line, "panchayat", own, "", row.panchayat, samiti, row.facts)
    return list(units.values())


def _unit(
    line: int,
    level: str,
    key: str,
    parent: str,
    name: str,
    administrative: str = "",
    facts: Mapping[str, str] | None = None,
) -> UnitRow:
    tag = "en" if name.isascii() else "hi"
    names = {tag: tidy(name.title() if name.isupper() else name)}
    code = (SCHEME, key.removeprefix(f"{SCHEME}:"))
    return UnitRow(line, level, key, parent, names, (), (code,), "", administrative or parent, dict(facts or {}))
