"""The sound keys under the name search: one word, in Devanagari or Latin letters, to a few short keys.

Long or short, hard or soft, aspirated or not are written in many ways; what people agree on is the order of
consonants and roughly front (i, e) or back (u, o) vowels. A word keeps these. "a" inside a word is dropped,
because Hindi writes none and Latin spelling puts it at will. A letter that is truly two sounds (ड़ is r and d)
gives a key for each.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import islice, product

MAX_KEYS = 8
MAX_LETTERS = 60
_PREFIXES = range(2, 7)
_NUKTA, _BINDU, _CHANDRA = "\u093c", "\u0902", "\u0901"
_DEVANAGARI = re.compile(r"[\u0900-\u097f]")

# One letter per sound. A is a long a, which is kept at the end of a word only. R is what is written r or d.
_CONSONANTS = dict(
    zip(
        "कखगघङचछजझञटठडढणतथदधनपफबभमयरलळवशषसह",
        "kkggnccjjnttddnttddnpfbbmyrllvsssh",
        strict=True,
    )
)
_VOWELS = dict(zip("अआइईउऊएऐओऔऑऍािीुूेैोौॉॅ", "aAiiuuiiuuuiAiiuuiiuuui", strict=True)) | {"ऋ": "ri", "ृ": "ri"}
_HALF_LETTER = re.compile("([क-ह])\u094d(?=([क-ह]))")
_SPELLINGS_DEVANAGARI = (
    (re.compile("सि[ंङ]्?ह|सिन्ह$|सिंघ"), "सिंग"),
    (re.compile("गा[ँं]व$"), "गोन"),
    (re.compile("ज्ञ"), "ग्य"),
)
_SPELLINGS_LATIN = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ch(?:au|ou|ow|aw|o|u)dh?[aeou]?ri?[iye]*$", "chaudri"),
        (r"nd[aeu]r$", "ndr"),
        (r"ss?ion|tion", "sn"),
        (r"que$", "k"),
        (r"chr", "kr"),
        (r"g(?:aa?[nm]v|aon|oan|aanw)$", "gun"),
        (r"ingh|inh$|ing$", "ing"),
        (r"^jn|dny|gny", "gy"),
        (r"x", "ks"),
        (r"q|ck", "k"),
        (r"tch|chh?", "C"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"ph", "f"),
        (r"sch|sh", "s"),
        (r"z", "j"),
        (r"(?<=[kgCjtdb])h", ""),
        (r"rh(?![aeiou])", "r"),
        (r"(?:aa|a)h$", "H"),
        (r"([^aeiou])\1a$", r"\1B"),
        (r"(?:ow|aw)(?![aeiouy])|oo|ou|au|ao|eu|oa", "u"),
        (r"w", "v"),
        (r"a?y(?![aeiou])(?<!^y)|ee|ea|ie|ei|ai|ae|ey", "i"),
        (r"(?<!^)y", "i"),
        (r"^a+", "@"),
        (r"e(?=h[dmnrt]|[drlnt]$|r[kmnst])", "E"),
        (r"e", "i"),
        (r"o", "u"),
        (r"C", "c"),
    )
)
# Signs between the two steps. "@": a at the start. "B": a last a after a doubled letter (Khanna). "H": a last h
# after a. "E": an e that many write for the a nobody writes in Hindi.
_SIGNS = {"@": ("a",), "B": ("a",), "H": ("h", "a"), "E": ("i", "")}
_REPEATS = re.compile(r"([^aeiou])\1+")
_LONG_VOWELS = re.compile(r"([aiu])\1+")
_NASAL = re.compile(r"n(?=[mpb])")


@lru_cache(maxsize=65536)
def keys_of(word: str) -> tuple[str, ...]:
    """Return the keys of one lower-case word, the likeliest first; a number is its own key without zeros."""
    word = word[:MAX_LETTERS]
    if any(c.isdigit() for c in word):
        return (word.lstrip("0") or "0",)
    if _DEVANAGARI.search(word):
        sounds = _devanagari(unicodedata.normalize("NFD", word))
    else:
        bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
        if not (bare.isascii() and bare.isalpha()):
            return (word,)
        sounds = _latin(bare)
    spelt = dict.fromkeys(_reduced("".join(choice)) for choice in islice(product(*sounds), MAX_KEYS))
    full = [key for key in spelt if key] or [word]
    return tuple(dict.fromkeys((*full, *_bones(full[0]))))


def prefix_keys_of(word: str, *, typed: bool = False) -> tuple[str, ...]:
    """Return the keys of a word's beginnings; of what was `typed`, only the whole (cut to six sounds)."""
    found: dict[str, None] = {}
    for key in keys_of(word):
        if key.startswith("="):
            continue
        lengths = (min(len(key), _PREFIXES[-1]),) if typed else _PREFIXES
        found.update((f"{key[:n]}*", None) for n in lengths if 2 <= n <= len(key))
    return tuple(found)


def _reduced(sounds: str) -> str:
    return _NASAL.sub("m", _LONG_VOWELS.sub(r"\1", sounds))


def _bones(key: str) -> tuple[str, ...]:
    """The consonants alone, for words of many: their vowels differ most between spellers (Ahmad, Ahmed)."""
    bones = re.sub(r"(?<!^)[dR]", "r", re.sub(r"(?<!^)[aiu]", "", key))
    return (f"={bones}",) if len(bones) >= 4 else ()


def _devanagari(word: str) -> list[tuple[str, ...]]:
    for pattern, spelling in _SPELLINGS_DEVANAGARI:
        word = pattern.sub(spelling, word)
    word = _HALF_LETTER.sub(_unless_doubled, word)
    letters = [(c, word[i + 1 : i + 2]) for i, c in enumerate(word) if c != _NUKTA]
    end = len(letters) - 1
    sounds = (_letter(c, after, first=i == 0, last=i == end) for i, (c, after) in enumerate(letters))
    return [sound for sound in sounds if sound]


def _unless_doubled(pair: re.Match[str]) -> str:
    """A letter doubled by a virama is one sound (त्त, द्ध); with an a between them they would stay two."""
    return "" if _CONSONANTS.get(pair[1]) == _CONSONANTS.get(pair[2]) else pair[0]


def _letter(char: str, after: str, *, first: bool, last: bool) -> tuple[str, ...]:
    if char in "डढ" and not first:
        return ("R",) if after == _NUKTA else ("d", "R")
    if char == "य":
        return ("y",) if first else ("i",)
    if char == "व" and last:
        return ("v", "u")
    if char == _CHANDRA or (char == _BINDU and last):
        return ("n", "")
    if char == _BINDU:
        return ("n",)
    vowel = _VOWELS.get(char)
    if vowel in ("a", "A"):
        return ("a",) if first or last else ()
    return (vowel or _CONSONANTS.get(char, ""),)


def _latin(word: str) -> list[tuple[str, ...]]:
    silent = len(word) > 3 and word.endswith("e") and word[-2] not in "aeiouy"
    for pattern, sound in _SPELLINGS_LATIN:
        word = pattern.sub(sound, word)
    word = _REPEATS.sub(r"\1", word)
    sounds = [_latin_sound(word, i) for i in range(len(word))]
    if silent:
        sounds[-1] = ("i", "")
    return [sound for sound in sounds if sound]


def _latin_sound(word: str, i: int) -> tuple[str, ...]:
    char, last = word[i], i == len(word) - 1
    if char in "dr" and i and word[i - 1] in "aiu@E" and word[i + 1 : i + 2] != char:
        return (char, "R")
    if char == "a":
        return ("a", "") if last else ()
    return _SIGNS.get(char, (char,))
