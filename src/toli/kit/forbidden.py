"""What is never stored about a person (domain.md rule 21), by the name of a column and the look of a value.

Column names are checked in English, Hindi and Hindi in Latin letters. The answer names what was refused and
never carries the value. Facts about a unit (the reservation of a seat) are no person data: say about="unit".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext_lazy as _

from toli.kit.errors import BadInput, Sentence
from toli.kit.text import ascii_digits, words

About = Literal["person", "unit", "content"]

# One line per kind. A phrase of several words must occur whole; "*" ends a stem.
_NAMES: dict[str, str] = {
    "caste": """caste, subcaste, sub caste, jati, jaati, jaat, upjati, gotra, gotr, varna, biradari, samaj,
        samaaj, social category, reservation category, scst, sc st, obc, ews, dalit, savarna,
        scheduled caste, scheduled tribe, community, surname community, जाति, जाती, उपजाति, गोत्र,
        वर्ण, बिरादरी, समाज, अनुसूचित*, दलित, सवर्ण, पिछड़ा वर्ग, आरक्षण श्रेणी, सामाजिक श्रेणी,
        समुदाय""",
    "religion": """religion, religious, faith, dharm, dharam, dharma, mazhab, majhab, sect, panth, sampraday,
        minority, minority status, hindu, muslim, christian, sikh, धर्म, मज़हब, मजहब, पंथ, संप्रदाय,
        सम्प्रदाय, अल्पसंख्यक, हिंदू, हिन्दू, मुस्लिम, मुसलमान, ईसाई""",
    "aadhaar": """aadhaar, aadhar, adhar, adhaar, aadhaarno, aadharno, aadhar card, uid no, uid number, uidai,
        uid, vid aadhaar, आधार, आधार कार्ड, यूआईडी""",
    "bank": """bank, bank account, account no, account number, ac no, ifsc, micr, upi, upi id, vpa, pan
        card, pan no, pan number, credit card, debit card, passbook, khata, khata number, bank
        khata, iban, बैंक, खाता, खाता संख्या, बैंक खाता, पासबुक, आईएफएससी, पैन कार्ड, पैन नंबर,
        यूपीआई""",
    "biometrics": """biometric, biometrics, fingerprint, finger print, thumb impression, iris, retina, face id,
        face print, face template, voiceprint, voice print, dna, angutha, anguthe, बायोमेट्रिक,
        फिंगरप्रिंट, अंगूठा, अंगूठे, अँगूठा, उंगली की छाप, आँख की पुतली, चेहरे की छाप""",
    "health": """health, disease, illness, sickness, blood group, blood type, blood, bimari, beemari,
        bimaari, rog, disability, disabled, divyang, viklang, pregnant, pregnancy, hiv, diabetes,
        medical, medical history, vaccination, vaccine, mental health, swasthya, स्वास्थ्य, बीमारी,
        रोग, रक्त समूह, ब्लड ग्रुप, विकलांग*, दिव्यांग*, गर्भवती, टीकाकरण, चिकित्सा""",
    "sexuality": "sexuality, sexual orientation, sex life, orientation sexual, lgbt, lgbtq, यौन रुझान, यौन*",
    "income": """income, annual income, monthly income, salary, earning, earnings, wealth, net worth,
        aamdani, amdani, aay, vetan, tankhwah, kamai, land holding, landholding, property value, आय,
        आमदनी, वेतन, तनख़्वाह, तनख्वाह, कमाई, मासिक आय, वार्षिक आय, संपत्ति, सम्पत्ति""",
    "welfare": """welfare, beneficiary, beneficiaries, labharthi, laabharthi, labharthee, ration card, ration,
        bpl, apl, pension, pensioner, scheme, yojana, yojna, subsidy, jan dhan, ujjwala, pm kisan,
        nrega, mnrega, mgnrega, job card, ayushman, jan aadhaar, jan aadhar, janaadhaar, bhamashah,
        लाभार्थी, लाभार्थियों, राशन, राशन कार्ड, बीपीएल, पेंशन, योजना, सब्सिडी, जन आधार, जनाधार,
        भामाशाह, नरेगा, मनरेगा, उज्ज्वला, आयुष्मान""",
    "vote": """vote intention, voting intention, vote prediction, predicted vote, vote score, voter score,
        support score, supporter score, support level, likely vote, likely voter, voted for, party
        voted, which party, party preference, party support, political opinion, political leaning,
        political view, ideology, swing voter, leaning, kis party, kisko vote, vote kisko, vote
        diya, opposition supporter, वोट किसको, किसको वोट, किस पार्टी, मत झुकाव, झुकाव, राजनीतिक
        झुकाव, राजनीतिक विचार, समर्थक स्तर, समर्थन स्तर, विचारधारा, वोट दिया, मतदान पसंद""",
    "family": """family tree, family id, family members, vanshavali, vanshawali, वंशावली, परिवार वृक्ष,
        परिवार पहचान""",
    "location": """gps, latitude, longitude, live location, location history, continuous location, लाइव लोकेशन,
        जीपीएस""",
    "roll": """epic, epic no, epic number, epicno, voter id, voter id no, voterid, voter card, father name
        voter, roll serial, serial no in roll, मतदाता पहचान*, वोटर आईडी, एपिक, मतदाता क्रमांक""",
}

# Allowed by rule 21, or words that only look like a forbidden one.
_ALLOWED = """access need, access needs, accessibility, voucher, voucher no, voucher number, elector of
        part, elector part, part no, part number, wing, morcha, morchas, blood donation camp, login
        account, account state, community wing, community hall, scheme of work, work scheme, health
        of data, मोर्चा, भाग संख्या, वाउचर, वाउचर नंबर, पहुँच की ज़रूरत, पहुंच की जरूरत, सहायता की
        ज़रूरत, सामुदायिक भवन"""

_LABELS: dict[str, Sentence] = {
    "caste": _("caste or community"),
    "religion": _("religion"),
    "aadhaar": _("Aadhaar"),
    "bank": _("bank or money account"),
    "biometrics": _("biometrics"),
    "health": _("health"),
    "sexuality": _("sexuality"),
    "income": _("income or property"),
    "welfare": _("welfare benefits"),
    "vote": _("vote or political opinion"),
    "family": _("family tree"),
    "location": _("where a person is"),
    "roll": _("data copied from the electoral roll"),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A column that may not be stored: its name as given and the kind of thing it is. Never a value."""

    column: str
    kind: str

    @property
    def label(self) -> Sentence:
        return _LABELS[self.kind]


def refused_name(name: str, *, about: About = "person") -> Refusal | None:
    """Return why a column of this name is refused, or None. Nothing about units or content is refused."""
    if about != "person":
        return None
    parts = _parts(name)
    kind = None if _is_allowed(parts) else _kind_of(parts)
    return Refusal(name[:80], kind) if kind else None


def refused_columns(
    names: Iterable[str],
    rows: Iterable[Sequence[str]] = (),
    *,
    about: About = "person",
) -> list[Refusal]:
    """Return every refused column of a table: by its name, or because a value in it looks like Aadhaar."""
    header = list(names)
    found = {i: refusal for i, name in enumerate(header) if (refusal := refused_name(name, about=about))}
    if about == "person":
        for row in rows:
            for i, value in enumerate(row[: len(header)]):
                if i not in found and has_aadhaar(value):
                    found[i] = Refusal(header[i][:80], "aadhaar")
    return [found[i] for i in sorted(found)]


def check_person_fields(fields: Mapping[str, object]) -> None:
    """Raise BadInput when a person's form or custom fields hold a forbidden name or an Aadhaar number."""
    names = list(fields)
    refused = refused_columns(names, [[str(fields[name]) for name in names]])
    if refused:
        raise BadInput(
            _("Toli never stores this about a person: %(kinds)s. Please leave it out.")
            % {"kinds": ", ".join(dict.fromkeys(str(refusal.label) for refusal in refused))},
            fields={refusal.column: _("Please leave this out.") for refusal in refused},
        )


def _parts(name: str) -> tuple[str, ...]:
    """The words of a column name, also of camelCase, snake_case and dotted ones."""
    opened = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name[:200])
    return tuple(words(re.sub(r"[_\-./:]+", " ", opened)))


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[tuple[str, ...], str], ...]:
    found = [(_phrase(text), kind) for kind, listed in _NAMES.items() for text in listed.split(",")]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=1)
def _allowed() -> frozenset[tuple[str, ...]]:
    return frozenset(_phrase(text) for text in _ALLOWED.split(","))


def _phrase(text: str) -> tuple[str, ...]:
    stem = "*" if text.strip().endswith("*") else ""
    found = words(text)
    return (*found[:-1], found[-1] + stem)


def _is_allowed(parts: tuple[str, ...]) -> bool:
    return any(_holds(parts, phrase) for phrase in _allowed())


def _kind_of(parts: tuple[str, ...]) -> str | None:
    glued = ("".join(parts),)
    for phrase, kind in _phrases():
        if _holds(parts, phrase) or _holds(glued, ("".join(phrase),)):
            return kind
    return None


def _holds(parts: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(
        all(_same(part, wanted) for part, wanted in zip(parts[i : i + size], phrase, strict=True))
        for i in range(len(parts) - size + 1)
    )


def _same(part: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return part.startswith(wanted[:-1])
    return part == wanted or part.rstrip("0123456789") == wanted


_TWELVE = re.compile(r"(?<![\d+])[2-9]\d{3}[\s\-.]?\d{4}[\s\-.]?\d{4}(?!\d)")

# The dihedral group of order ten (J. Verhoeff, "Error detecting decimal codes", Amsterdam 1969); Aadhaar's
# last digit is such a check, and its first is never 0 or 1.
_D5 = tuple(
    tuple((a + b) % 5 if b < 5 else 5 + (a + b) % 5 for b in range(10))
    if a < 5
    else tuple(5 + (a - b) % 5 if b < 5 else (a - b) % 5 for b in range(10))
    for a in range(10)
)
_TURN = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _turned(digit: int, times: int) -> int:
    for _step in range(times % 8):
        digit = _TURN[digit]
    return digit


def is_verhoeff(digits: str) -> bool:
    """True when the last digit is the Verhoeff check of those before it."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = _D5[check][_turned(int(digit), place)]
    return check == 0


def has_aadhaar(value: str) -> bool:
    """True when the text holds twelve digits that pass Aadhaar's check. Phone numbers do not count."""
    for match in _TWELVE.finditer(ascii_digits(value)):
        digits = re.sub(r"\D", "", match[0])
        if is_verhoeff(digits) and not re.fullmatch(r"91[6-9]\d{9}", digits):
            return True
    return False


# A permanent account number, a bank branch's IFSC, an elector's photo card: letters and digits in a fixed order.
_LOOKS = {
    "bank": re.compile(r"(?<![A-Z0-9])(?:[A-Z]{3}[PCHABGJLFT][A-Z]\d{4}[A-Z]|[A-Z]{4}0[A-Z0-9]{6})(?![A-Z0-9])"),
    "roll": re.compile(r"(?<![A-Z0-9])[A-Z]{3}\d{7}(?![A-Z0-9])"),
}


def refused_value(value: str) -> Sentence | None:
    """What kind of forbidden number the text holds by its look, or None. The answer never carries the value."""
    if has_aadhaar(value):
        return _LABELS["aadhaar"]
    plain = ascii_digits(value)
    return next((_LABELS[kind] for kind, look in _LOOKS.items() if look.search(plain)), None)
