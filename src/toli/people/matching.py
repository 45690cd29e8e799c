"""How names become keys under which two entries of one person meet, in Hindi or Latin letters."""

from itertools import islice, product

from toli.kit.folding import keys_of
from toli.kit.text import words

MOST_KEYS = 12
TITLES = frozenset(
    {"shri", "sri", "shree", "smt", "shrimati", "dr", "mr", "mrs", "ms", "km", "kumari", "md", "mohd"}
    | {"श्री", "श्रीमती", "डॉ", "कु", "कुमारी", "मो"}
)
"""Said before a name, or left out: they tell nobody apart."""
FIRST_NAME = "^"


def name_keys(name: str) -> list[str]:
    """Keys of first and last word together, in either order, and of the first word alone (marked "^").

    Words between them are written today and left out tomorrow ("Kumar", "Lal"), so they do not count.
    """
    parts = [word for word in words(name) if word not in TITLES] or words(name)
    if not parts:
        return []
    first, last = keys_of(parts[0]), keys_of(parts[-1])
    pairs = product(first, last) if len(parts) > 1 else ((key, "") for key in first)
    whole = {"|".join(sorted(pair)) for pair in islice(pairs, MOST_KEYS)}
    return sorted(whole) + sorted({FIRST_NAME + key for key in first})
