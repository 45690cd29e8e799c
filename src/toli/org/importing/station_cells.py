"""The cells of polling-station lists: constituency, station number, main or auxiliary, in all their spellings."""

import re
from difflib import SequenceMatcher

from toli.kit.text import ascii_digits
from toli.org.importing.cells import bare, tidy

MAIN, AUXILIARY, NOT_STATED = "main", "auxiliary", "not_stated"
HIGHEST_CONSTITUENCY = 500

_RESERVED = re.compile(
    r"[\[(]?\s*\b(SC|ST|GEN|S\.C\.|S\.T\.|अ ?जा|अ\.जा\.|अ\.ज\.जा\.|अ ज जा|सु)\b\.?\s*[\])]?", re.IGNORECASE
)
_PREFIX = re.compile(
    r"^\W*(a\.?\s?c\.?|assembly(\s+constituency)?|constituency|vidhan\s?sabha|विधान\s?सभा|निर्वाचन\s*क्षेत्र|क्षेत्र|"
    r"वि\.?\s?स\.?|no\.?|number|name|&|and|की|का|संख्या|क्रमांक|सं\.?|क्र\.?|नं\.?|व|एवं|नाम)(?=[\W\d]|$)[\s.:,&/-]*",
    re.IGNORECASE,
)


def constituency(text: str) -> tuple[int | None, str]:
    """(number, name) from `22-Sheohar [3-Sheohar]`, `AC-22 Sheohar`, `Sheohar (22)`, `२२ शिवहर`; None without a number.

    A cell with two numbers that could both be meant gives (None, "").
    """
    plain = ascii_digits(tidy(text))
    plain = re.sub(r"\[(?!\s*\d+\s*\])[^\]]*\]?", "", plain).strip() or plain.strip("[] ")
    plain = _RESERVED.sub(" ", plain)
    if re.search(r"\d", re.sub(r"\(.*?\)", "", plain)):
        plain = re.sub(r"\(\s*\d+\s*[-. ]\s*[^)\d]+\)?", "", plain)
    while (shorter := _PREFIX.sub("", plain, count=1)) != plain:
        plain = shorter
    numbers = re.findall(r"\d+", re.sub(r"(?<=\d)\.0+\b", "", plain))
    name = tidy(re.sub(r"[\d()\[\]]+", " ", plain)).strip(" -–—_.:,/&")
    distinct = {int(number) for number in numbers}
    if len(distinct) > 1 or any(not 0 < number <= HIGHEST_CONSTITUENCY for number in distinct):
        return None, ""
    return (distinct.pop() if distinct else None), name


_NUMBER = re.compile(
    r"""^\W*(?:(?:p\.?\s?s\.?|polling\s*station|booth|part|no|number|बूथ|मतदान\s*केन्द्र|मतदान\s*केंद्र|भाग|संख्या|क्रमांक|नं|क्र|सं)
        [\s.:\-–#]*)*
        (?P<number>\d{1,4})(?:\.0+)?
        \s*[-–—/_.,(\[\s]*\s*
        (?P<suffix>[A-Za-z]{1,2}|[\u0905-\u0939]{1,2}\u093e?|(?<=[/])\d)?
        \s*[)\]]*[\s.]*$""",
    re.VERBOSE | re.IGNORECASE,
)
_LONG_SUFFIX = re.compile(
    r"^\W*(?P<number>\d{1,4})\s*[-–—/_.(\[\s]*\s*"
    r"(?P<suffix>(?!to)[A-Za-z\u0905-\u0939]{1,3}[-./ ]?\d{0,2}[A-Za-z]?)[\s)\].]*$"
)
_SUFFIX_FIRST = re.compile(r"^\W*(?P<suffix>[A-Za-z\u0905-\u0939])\W{0,2}(?P<number>\d{1,4})\W*$")
_KIND_IN_NUMBER = re.compile(
    r"[\s(\[\-/]*(main|mool|mul|मूल|मुख्य|aux\w*|auxil\w*|axil\w*|sahayak|सहायक)\.?[\s)\]]*$", re.IGNORECASE
)


def station_number(text: str) -> tuple[int, str, str] | None:
    """(number, suffix, kind or "") from `1`, `001`, `1A`, `197(A)`, `186 K`, `१२ क`, `12 (Aux)`; else None."""
    plain, kind = ascii_digits(tidy(text)), ""
    worded = _KIND_IN_NUMBER.search(plain)
    if worded and worded.start() > 0:
        plain, kind = plain[: worded.start()], station_kind(worded[1])[0]
    found = _NUMBER.match(plain) or _LONG_SUFFIX.match(plain) or _SUFFIX_FIRST.match(plain)
    if not found or int(found["number"]) == 0:
        return None
    return int(found["number"]), re.sub(r"[-./ ]+", "", found["suffix"] or "").upper(), kind


_WITH_NAME = re.compile(
    r"^\W*(\d{1,4}\s*(?:[(\[]\s*[A-Za-z\u0905-\u0939]\s*[)\]]|[A-Za-z](?![A-Za-z]))?)\s*[-–—.,:/)\s]\s*(\D.*)$",
    re.DOTALL,
)


def number_and_name(text: str) -> tuple[str, str]:
    """The two parts of a cell such as `12(A) - Primary school`; ("", "") when it does not begin with a number."""
    if station_number(text):
        return text, ""
    found = _WITH_NAME.match(ascii_digits(text))
    return (found[1], found[2].strip()) if found else ("", "")


_MAIN_WORDS = "m,main,mn,mian,mein,man,मूल,मुख्य,मेन,मैन,एम,म,mool,mul,mukhya,mukhy,original,मु,मू"
_AUX_WORDS = (
    "a,aux,auxiliary,auxilary,auxillary,axillary,axiliary,auxiliry,auxilliary,auxi,ax,auxiliery,सहायक,सहा,ए,"
    "ऑक्जिलरी,ऑक्सिलरी,sahayak,sahayk,sahaayak,supplementary,पूरक,अ,स"
)
_KINDS = {**dict.fromkeys(_MAIN_WORDS.split(","), MAIN), **dict.fromkeys(_AUX_WORDS.split(","), AUXILIARY)}
_NOISE = re.compile(r"\b(polling|station|stn|booth|ps|no|p s)\b|मतदान|केन्द्र|केंद्र|बूथ|\d+")


def station_kind(text: str) -> tuple[str, bool]:
    """(`main` | `auxiliary` | `not_stated`, whether the spelling is a known one)."""
    word = " ".join(_NOISE.sub(" ", bare(text)).split())
    if word in _KINDS:
        return _KINDS[word], True
    kinds = {_near(part) for part in (word, *word.split()) if len(part) > 1} - {""}
    return (kinds.pop(), False) if len(kinds) == 1 else (NOT_STATED, False)


def _near(word: str) -> str:
    """The kind a misspelt word can only mean; words of one to three letters are not guessed at."""
    if word in _KINDS:
        return _KINDS[word]
    if len(word) < 4:
        return ""
    scores = {known: SequenceMatcher(None, word, known).ratio() for known in _KINDS if len(known) > 3}
    best = max(scores, key=lambda known: scores[known])
    return _KINDS[best] if scores[best] >= 0.72 else ""
