"""Log lines without what people must not read in them: numbers, and the rows a database quotes in its complaints."""

from __future__ import annotations

import logging
import re

# "DETAIL:  Failing row contains (7, Asha, ...)" may run over lines, since values may hold line ends.
_QUOTED = re.compile(
    r"(DETAIL|CONTEXT):.*?(?=\n(?:HINT|STATEMENT|Traceback|During|The above|  File |\w+\.\w)|\Z)", re.S
)
_STATEMENT = re.compile(r"^(LINE \d+): .*(\n\s*\^\s*$)?", re.M)
_NUMBER = re.compile(r"(?<![\w.-])(?:\+?91|0)?[\s-]?\d{5}[\s-]?\d{5}(?![\w.-])|\+\d{10,15}")


def scrub(text: str) -> str:
    """The text with numbers, quoted rows and quoted statements taken out."""
    return _NUMBER.sub("[number]", _STATEMENT.sub(r"\1: [left out]", _QUOTED.sub(r"\1: [left out]", text)))


class ScrubbingFormatter(logging.Formatter):
    """Formats as ever, traces included, then scrubs: an exception carries whatever was in the statement that failed."""

    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))
