"""Pages of a long list by the row where the last page ended: no row is counted and none is skipped over.

The address names that row by its ref, `?after=` or `?before=`, so it can be passed on and stays right while rows come
and go. A ref that names no row any more leads to the first page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[Row]):
    """One page; `before` and `after` are the refs that lead to its neighbours, None where there is none."""

    rows: list[Row]
    before: Any
    after: Any

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def has_other_pages(self) -> bool:
        return self.before is not None or self.after is not None


def page_of(rows: QuerySet[Row], asked: Mapping[str, Any], *, size: int, ref: str = "ref") -> KeysetPage[Row]:
    """The page that `asked` (a request's GET) wants of rows in a total order by columns that are never null.

    `ref` is the column, in Django's words, that names a row in addresses.
    """
    keys = [str(key) for key in rows.query.order_by]
    after, before = _mark(rows, asked.get("after"), keys, ref), _mark(rows, asked.get("before"), keys, ref)
    if before is not None:
        back = [_turned(key) for key in keys]
        found = list(rows.filter(_beyond(back, before)).order_by(*back)[: size + 1])
        shown, is_more = found[:size][::-1], len(found) > size
        return KeysetPage(shown, _ref(shown, 0, ref) if is_more else None, _ref(shown, -1, ref))
    found = list((rows.filter(_beyond(keys, after)) if after is not None else rows)[: size + 1])
    shown = found[:size]
    return KeysetPage(
        shown, _ref(shown, 0, ref) if after is not None else None, _ref(shown, -1, ref) if len(found) > size else None
    )


def _mark(rows: QuerySet[Row], text: Any, keys: list[str], ref: str) -> dict[str, Any] | None:
    """Where the row of this ref stands, whatever the list is narrowed to."""
    try:
        named = UUID(text)
    except (TypeError, ValueError, AttributeError):
        return None
    found = rows.model._default_manager.filter(**{ref: named}).values(*(key.lstrip("-") for key in keys)).first()
    return found if found and None not in found.values() else None


def _beyond(keys: list[str], mark: Mapping[str, Any]) -> Q:
    """Rows that come after the mark; the first column alone bounds them too, which is what an index can use."""
    found, same = Q(), dict[str, Any]()
    for key in keys:
        name = key.lstrip("-")
        found |= Q(**same, **{f"{name}__{_way(key)}": mark[name]})
        same[name] = mark[name]
    first = keys[0].lstrip("-")
    return Q(**{f"{first}__{_way(keys[0])}e": mark[first]}) & found


def _way(key: str) -> str:
    return "lt" if key.startswith("-") else "gt"


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _ref(rows: list[Any], at: int, ref: str) -> Any:
    if not rows:
        return None
    found = rows[at]
    for part in ref.split("__"):
        found = getattr(found, part)
    return found
