"""Our own facts about a state: divisions, districts, constituencies and parliament seats in both scripts.

The files lie in org/facts, each row with its source; a test compares them with the Commission's list.
"""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from toli.org.importing.rows import UnitRow

FACTS = Path(__file__).parents[1] / "facts"
FILES = {"S20": "rajasthan"}


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of one facts file."""
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def state_names(code: str) -> dict[str, str]:
    """The state's name in both languages; empty for a code we do not know."""
    return next((_names(row) for row in rows_of("states") if row["code"] == code), {})


@cache
def district_of(state: str) -> dict[int, str]:
    """Constituency number -> the key of its district, for a state whose facts we have."""
    if state not in FILES:
        return {}
    return {int(r["number"]): district_key(state, r["district"]) for r in rows_of(f"{FILES[state]}_constituencies")}


def state_row(code: str, name: str = "") -> UnitRow:
    """The state itself, by the Commission's code."""
    names = state_names(code) or ({"en": name.title()} if name else {"en": code})
    return UnitRow(0, "state", f"eci:{code}", "", names, (), (("eci", code),), loose=True)


def district_key(state: str, slug: str) -> str:
    return f"org:{state}/district/{slug}"


def division_key(state: str, slug: str) -> str:
    return f"org:{state}/division/{slug}"


def upper_rows(state: str) -> Iterator[UnitRow]:
    """State, divisions and districts of a state whose facts we have."""
    name = FILES[state]
    yield state_row(state)
    top = f"eci:{state}"
    for row in rows_of(f"{name}_divisions"):
        yield _unit("division", division_key(state, row["key"]), top, row)
    for row in rows_of(f"{name}_districts"):
        yield _unit("district", district_key(state, row["key"]), division_key(state, row["division"]), row, top)


def seat_rows(state: str) -> Iterator[UnitRow]:
    """Parliament seats and constituencies of a state whose facts we have."""
    name, top = FILES[state], f"eci:{state}"
    for row in rows_of(f"{name}_parliament"):
        unit = _unit("parliament", f"eci:{state}/PC/{row['number']}", "", row)
        yield unit._replace(electoral_parent=top, attrs=_attrs(row))
    for row in rows_of(f"{name}_constituencies"):
        unit = _unit("constituency", f"eci:{state}/{row['number']}", district_key(state, row["district"]), row)
        yield unit._replace(electoral_parent=f"eci:{state}/PC/{row['parliament']}", attrs=_attrs(row))


def _unit(level: str, key: str, parent: str, row: dict[str, str], administrative: str = "") -> UnitRow:
    scheme, _colon, value = key.partition(":")
    aliases = tuple(alias.strip() for alias in row.get("aliases", "").split(";") if alias.strip())
    return UnitRow(0, level, key, parent, _names(row), aliases, ((scheme, value),), "", administrative, loose=True)


def _names(row: dict[str, str]) -> dict[str, str]:
    return {"en": row["name_en"], "hi": row["name_hi"]}


def _attrs(row: dict[str, str]) -> dict[str, object]:
    return {"number": int(row["number"])} | ({"reserved": row["reserved"]} if row["reserved"] else {})
