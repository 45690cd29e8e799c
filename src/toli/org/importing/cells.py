"""Reading single cells: comparing keywords, and whole numbers as spreadsheets write them."""

import re
import unicodedata

from toli.kit.text import ascii_digits, clean

_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0xAD, 0])
# A nought after a Hindi letter marks a shortened word: "सं०" is "संख्या".
_SHORTENED = re.compile(r"(?<=[\u0900-\u0965\u0970-\u097f])[०0](?![०-९0-9])")
_WHOLE = re.compile(r"(\d{1,9}|\d{1,3}(?:,\d{2,3})+)(?:\.0+)?")


def tidy(text: str) -> str:
    """One line, NFC, without invisible characters. What is so already takes the short way: cells come in millions."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return " ".join(text.split())
    return clean(text)


def bare(text: str) -> str:
    """For comparing headings and keywords: lower case, digits 0-9, only letters and digits, single blanks."""
    text = _SHORTENED.sub(" ", text)
    folded = ascii_digits(unicodedata.normalize("NFC", text).translate(_INVISIBLE)).casefold()
    return " ".join(re.sub(r"[^0-9a-z\u0900-\u0963\u0970-\u097F]+", " ", folded).split())


def whole_number(text: str) -> int | None:
    """`12`, `012`, `१२`, `12.0` and `1,200` are whole numbers; anything else is None."""
    found = _WHOLE.fullmatch(ascii_digits(text).strip())
    return int(found[1].replace(",", "")) if found else None
