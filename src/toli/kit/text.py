"""Text across scripts and spellings: folding for search, digits, Hindi order.

A name is stored with `fold(name)` in a text[] column under GIN. A search takes `fold_words(query)`: one list
of keys per word; a row matches when its tokens overlap EVERY list:

    for keys in fold_words(query):
        rows = rows.filter(tokens__overlap=keys)

(`tokens @> fold(query)` would ask for every spelling at once and miss: one word has several keys.)
"""

import unicodedata
from itertools import pairwise

from toli.kit.folding import keys_of, prefix_keys_of

_INVISIBLE = dict.fromkeys([0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)])
MAX_WORDS = 40


def ascii_digits(text: str) -> str:
    """Return the text with the digits of every script as 0-9; everything else stays."""
    if text.isascii():
        return text
    return "".join(c if c.isascii() or not c.isdecimal() else str(unicodedata.decimal(c)) for c in text)


def clean(text: str) -> str:
    """Return the text in NFC on one line: invisible and control characters out, runs of space as one."""
    normal = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in normal)
    return " ".join(spaced.split())


def first_letter(word: str) -> str:
    """Return the first letter with what is joined to it and written on it: श्री of श्रीवास्तव, A of Asha."""
    end = 1
    while end < len(word) and unicodedata.category(word[end])[0] == "M":
        end += 2 if word[end] == "\u094d" and end + 1 < len(word) else 1
    return word[:end]


def words(text: str) -> list[str]:
    """Return the words of a name, at most 40, lower case, digits as 0-9; anything but letters cuts."""
    plain = ascii_digits(unicodedata.normalize("NFKC", text)).translate(_INVISIBLE).lower()
    # Vowel signs are marks, not letters, so \\w would cut Hindi words in the middle.
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in plain).split()[:MAX_WORDS]


def fold(text: str) -> list[str]:
    """Return the keys to store for a name: of every word, of its beginnings, of neighbours run together."""
    parts = words(text)
    found: dict[str, None] = {}
    for word in parts:
        found.update(dict.fromkeys((*keys_of(word), *prefix_keys_of(word))))
    for pair in pairwise(parts):
        found.update(dict.fromkeys(_run_together(pair)))
    return list(found)


def fold_words(query: str, *, unfinished: bool = False) -> list[list[str]]:
    """Return one list of keys per word of a query. `unfinished`: the last word may be the start of one.

    A word may also stand run together with its neighbour, so that "राम कुमार" finds "रामकुमार".
    """
    parts = words(query)
    groups = [list(keys_of(word)) for word in parts]
    if unfinished and groups:
        groups[-1].extend(prefix_keys_of(parts[-1], typed=True))
    for i, pair in enumerate(pairwise(parts)):
        groups[i].extend(_run_together(pair))
        groups[i + 1].extend(_run_together(pair))
    return groups


def _run_together(pair: tuple[str, str]) -> tuple[str, ...]:
    word = "".join(pair)
    return () if any(c.isdigit() for c in word) else keys_of(word)


def matches(name: str, query: str) -> bool:
    """True when a search for `query` finds `name`: the rule of the database search, for small lists."""
    stored = set(fold(name))
    groups = fold_words(query)
    return bool(groups) and all(not stored.isdisjoint(keys) for keys in groups)


def order_key(text: str) -> str:
    """Return a key that sorts digits, then Hindi (nukta and nasal signs decide last), then Latin."""
    plain = unicodedata.normalize("NFD", clean(text)).casefold()
    bare = "".join(c for c in plain if c not in "\u093c\u0901\u0902\u0903\u200c\u200d")
    return "".join(_rank(c) for c in bare) + "\u0001" + plain


def _rank(char: str) -> str:
    """Digits, then Devanagari, then Latin."""
    if char.isdecimal():
        return "0" + str(unicodedata.decimal(char))
    if "\u0900" <= char <= "\u097f":
        return "1" + char
    return " " if char == " " else "2" + char
