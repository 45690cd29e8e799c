"""A whole reorganisation as a sheet: each row moves a known unit, merges it, or begins a new one."""

from dataclasses import dataclass, field

from toli.kit.errors import Sentence
from toli.org.importing.headings import Patterns, repeats
from toli.org.importing.own import key_of
from toli.org.importing.own import level_key as level_of
from toli.org.importing.reading import Sheet
from toli.org.importing.reasons import sentence_of
from toli.org.importing.rows import Reason
from toli.org.models import Change, Level, Unit, UnitCode
from toli.org.services import Line

PATTERNS = Patterns(
    {
        "merge": r"^(merge( into)?( code)?|merged into|जिसमें मिले|किसमें मिले)$",
        "parent": r"^(new )?parent( code)?$|^(नया )?ऊपर (का|की) (कोड|इकाई)$",
        "level": r"^(level|स्तर)$",
        "name hi": r"^(name hi|name hindi|नाम( हिंदी)?)$",
        "name en": r"^(name( en| english)?)$",
        "code": r"^(unit )?code$|^(इकाई का )?कोड$",
    },
    needed=[["code"], ["parent", "merge"]],
)


@dataclass
class Wishes:
    """The lines of a sheet, or why it cannot be done; a reorganisation is taken whole or not at all."""

    lines: list[Line] = field(default_factory=list)
    refused: list[Reason] = field(default_factory=list)
    unread_columns: list[str] = field(default_factory=list)

    @property
    def sentences(self) -> list[tuple[int, Sentence]]:
        return [(reason.line, sentence_of(reason)) for reason in self.refused]


def read_reorganisation(sheet: Sheet) -> Wishes:
    """Reads only. A code the tree does not know begins a new unit when the row has a level and a name."""
    wishes = Wishes()
    found = PATTERNS.find(sheet.rows)
    if found is None:
        wishes.refused.append(Reason(0, "no_heading"))
        return wishes
    start, columns = found
    wishes.unread_columns = columns.unread
    rows = [
        (row.line, {name: columns.cell(row.cells, name) for name in PATTERNS.fields})
        for row in sheet.rows[start:]
        if any(cell.strip() for cell in row.cells) and not repeats(row.cells, columns)
    ]
    known = _known([row[name] for _line, row in rows for name in ("code", "parent", "merge")])
    levels = {level.key: level for level in Level.objects.all()}
    new = {key_of(row["code"]) for _line, row in rows} - set(known)
    for line, row in rows:
        wish = _line(row, known, levels, new)
        if isinstance(wish, Line):
            wishes.lines.append(wish)
        else:
            wishes.refused.append(Reason(line, *wish))
    return wishes


def _known(codes: list[str]) -> dict[str, Unit]:
    """Units by "scheme:value", in one query per scheme."""
    keys = {key_of(code) for code in codes if code}
    found: dict[str, Unit] = {}
    for scheme in {key.partition(":")[0] for key in keys}:
        values = [key.partition(":")[2] for key in keys if key.startswith(f"{scheme}:")]
        rows = UnitCode.objects.filter(scheme=scheme, value__in=values, valid_to=None).select_related("unit__level")
        found |= {f"{scheme}:{row.value}": row.unit for row in rows}
    return found


def _line(
    row: dict[str, str], known: dict[str, Unit], levels: dict[str, Level], new: set[str]
) -> Line | tuple[str, str, str]:
    """The row as a line, or (reason, column, detail)."""
    code, above = key_of(row["code"]), key_of(row["merge"] or row["parent"])
    if not code:
        return "no_code", "code", ""
    to: Unit | str | None = known.get(above) or (above if above in new else None)
    if to is None:
        return "unknown_parent", "parent", above
    unit = known.get(code)
    if unit is not None:
        return Line(Change.Kind.MERGE if row["merge"] else Change.Kind.MOVE, to, unit)
    level = levels.get(level_of(row["level"]))
    names = {tag: row[f"name {tag}"] for tag in ("hi", "en") if row[f"name {tag}"]}
    if level is None:
        return ("unknown_level" if row["level"] else "unknown_unit"), "level", row["level"] or code
    if not names:
        return "no_name", "name", ""
    return Line(Change.Kind.CREATE, to, code=code, level=level, names=names)
