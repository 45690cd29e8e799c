"""The statement of spending as rows of a sheet: by constituency and head, with totals. Pure.

Section 77 of the Representation of the People Act 1951 (the candidate's account) and the Commission's form of a party's
statement; the days they are due in are the rule `money` of the pack.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from toli.kit.csvfile import safe_cell

PAYEE_LENGTH, PURPOSE_LENGTH, AMOUNT_LENGTH = 120, 240, 60


@dataclass(frozen=True, slots=True)
class Payment:
    """What was paid, as somebody enters it; the amount as the paper states it."""

    account: str
    head: str
    on_date: date
    amount: str
    payee: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the ledger, in words of the statement's language."""

    place: str
    account: str
    head: str
    on_date: date
    paise: int
    said: str
    payee: str
    purpose: str
    number: str
    """By which the row is named."""
    reverses: str = ""
    reason: str = ""

    def cells(self) -> list[object]:
        return [
            self.place, self.account, self.head, self.on_date.isoformat(), _rupees(self.paise), self.said, self.payee,
            self.purpose, self.number, self.reverses, self.reason,
        ]  # fmt: skip


def _rupees(paise: int) -> Decimal:
    return Decimal(paise) / 100


def statement(lines: Iterable[Line], *, total: str) -> Iterator[list[object]]:
    """Rows of the statement. `lines` come sorted by account, place and head; each of these ends with its total."""
    whole = 0
    for account, of_account in groupby(lines, key=lambda line: line.account):
        in_account = 0
        for place, of_place in groupby(of_account, key=lambda line: line.place):
            in_place = 0
            for head, of_head in groupby(of_place, key=lambda line: line.head):
                rows = list(of_head)
                yield from (line.cells() for line in rows)
                paise = sum(line.paise for line in rows)
                yield _total(place, account, head, paise, total)
                in_place += paise
            yield _total(place, account, "", in_place, total)
            in_account += in_place
        yield _total("", account, "", in_account, total)
        whole += in_account
    yield _total("", "", "", whole, total)


def _total(place: str, account: str, head: str, paise: int, word: str) -> list[object]:
    return [place, account, head, word, _rupees(paise), "", "", "", "", "", ""]


def workbook(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The same rows as an XLSX in which no cell is a formula; amounts are numbers."""
    from openpyxl import Workbook  # takes long to load

    book = Workbook(write_only=True)
    sheet = book.create_sheet("1")
    sheet.append(list(header))
    for row in rows:
        sheet.append([cell if isinstance(cell, Decimal) else safe_cell(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
