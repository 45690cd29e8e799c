"""A sheet of public offices: who held what, where, from when to when, and which source says so."""

from dataclasses import dataclass, field
from datetime import date

from toli.org.importing.headings import Patterns, repeats
from toli.org.importing.own import key_of
from toli.org.importing.reading import Sheet
from toli.org.importing.rows import Reason
from toli.org.models import Term, Unit, UnitCode
from toli.org.services.directory import TermRow

PATTERNS = Patterns(
    {
        "name hi": r"^(name hi|नाम( हिंदी)?)$",
        "name en": r"^(name( en)?|holder|नाम अंग्रेज़ी)$",
        "office hi": r"^(office hi|पद( हिंदी)?)$",
        "office en": r"^(office( en)?|post|पद अंग्रेज़ी)$",
        "kind": r"^(kind|प्रकार)$",
        "unit": r"^(unit( code)?|constituency( code)?|इकाई( का कोड)?)$",
        "from": r"^(from|since|term from|कब से)$",
        "to": r"^(to|until|term to|कब तक)$",
        "source": r"^(source|स्रोत)$",
    },
    needed=[["name hi", "name en"], ["office hi", "office en"], ["from"], ["source"]],
)
KINDS = {
    "": "other", "office bearer": "bearer", "office-bearer": "bearer", "पदाधिकारी": "bearer", "mla": "legislator",
    "mp": "legislator", "विधायक": "legislator", "सांसद": "legislator", "मंत्री": "minister", "स्थानीय": "local",
}  # fmt: skip


@dataclass
class Directory:
    rows: list[TermRow] = field(default_factory=list)
    refused: list[Reason] = field(default_factory=list)
    unread_columns: list[str] = field(default_factory=list)


def read_directory(sheet: Sheet) -> Directory:
    """Reads only; a row without a source, a day or a known unit is refused with its reason."""
    result = Directory()
    found = PATTERNS.find(sheet.rows)
    if found is None:
        result.refused.append(Reason(0, "no_heading"))
        return result
    start, columns = found
    sheet.heading_line = sheet.rows[start - 1].line
    result.unread_columns = columns.unread
    rows = [
        (row.line, {name: columns.cell(row.cells, name) for name in PATTERNS.fields})
        for row in sheet.rows[start:]
        if not repeats(row.cells, columns)
    ]
    units = _units({key_of(cells["unit"]) for _line, cells in rows if cells["unit"]})
    for line, cells in rows:
        read = _row(cells, units)
        if isinstance(read, TermRow):
            result.rows.append(read)
        else:
            result.refused.append(Reason(line, *read, cells=tuple(cells.values())))
    return result


def _units(keys: set[str]) -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for scheme in {key.partition(":")[0] for key in keys}:
        values = [key.partition(":")[2] for key in keys if key.startswith(f"{scheme}:")]
        rows = UnitCode.objects.filter(scheme=scheme, value__in=values, valid_to=None).select_related("unit")
        found |= {f"{scheme}:{row.value}": row.unit for row in rows}
    return found


def _row(cells: dict[str, str], units: dict[str, Unit]) -> TermRow | tuple[str, str, str]:
    """The office, or (reason, column, detail)."""
    names = {tag: cells[f"name {tag}"] for tag in ("hi", "en") if cells[f"name {tag}"]}
    office = {tag: cells[f"office {tag}"] for tag in ("hi", "en") if cells[f"office {tag}"]}
    kind = KINDS.get(cells["kind"].casefold(), cells["kind"].casefold())
    since, until = _day(cells["from"]), _day(cells["to"])
    unit = units.get(key_of(cells["unit"])) if cells["unit"] else None
    checks = (
        (not names, "no_name", "name", ""), (not office, "no_office", "office", ""),
        (not cells["source"], "no_source", "source", ""), (since is None, "bad_day", "from", cells["from"]),
        (bool(cells["to"]) and until is None, "bad_day", "to", cells["to"]),
        (kind not in Term.Kind.values, "unknown_kind", "kind", cells["kind"]),
        (bool(cells["unit"]) and unit is None, "unknown_unit", "unit", cells["unit"]),
        (since is not None and until is not None and until <= since, "term_backwards", "to", cells["to"]),
    )  # fmt: skip
    for wrong, reason, column, detail in checks:
        if wrong:
            return reason, column, detail
    assert since is not None
    return TermRow(kind, names, office, unit, since, until, cells["source"])


def _day(text: str) -> date | None:
    """2018-12-17, 17.12.2018, 17/12/2018 or 17-12-2018."""
    parts = text.replace("/", "-").replace(".", "-").split("-")
    try:
        numbers = [int(part) for part in parts]
        year, month, day = numbers if len(parts[0]) == 4 else reversed(numbers)
        return date(year, month, day)
    except ValueError:
        return None
