"""Indian mobile numbers in whatever spelling they arrive."""

import re

import phonenumbers
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberType

from toli.kit.errors import BadInput
from toli.kit.text import ascii_digits

# No operator has numbers that begin with 1, so this range can never ring a real phone.
DEMO_FIRST = 1_000_000_000
DEMO_LAST = 1_099_999_999
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_LABEL = re.compile(r"^(?:tel|phone|mobile|mob|ph|no|फ़ोन|फोन|मोबाइल|मो|नं)[\s.:।-]*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s.\-‐-―−()/\[\]_,'’\"\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPREADSHEET_TAIL = re.compile(r"(?<=\d{10})\.0+$")


def parse(raw: str, *, demo: bool = False) -> str:
    """Return the number as +91XXXXXXXXXX. Raises BadInput for anything but one Indian mobile number.

    `demo` lets the range +91 1000000000-1099999999 in; only a demo database may pass it.
    """
    national = _national(raw)
    if is_demo(f"+91{national}"):
        if demo:
            return f"+91{national}"
        raise BadInput(fields={"phone": _("This number is only for the demo.")})
    number = phonenumbers.PhoneNumber(country_code=91, national_number=int(national))
    kind = phonenumbers.number_type(number)
    if kind not in _MOBILE:
        raise BadInput(fields={"phone": _wrong(kind)})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _wrong(kind: int) -> object:
    if kind == PhoneNumberType.FIXED_LINE:
        return _("This is a landline. The code comes by SMS, so please give a mobile number.")
    return _("This is not a mobile number. Please write its ten digits.")


def _national(raw: str) -> str:
    """The ten national digits. Lengths decide the prefix, so 91 at the start of ten digits stays."""
    text = _LABEL.sub("", ascii_digits(raw[:80]).strip())
    digits = _SEPARATORS.sub("", _SPREADSHEET_TAIL.sub("", text)).replace("＋", "+")
    if digits.startswith("+") and not digits.startswith("+91"):
        raise BadInput(fields={"phone": _("Please give an Indian mobile number.")})
    match = re.fullmatch(r"(?:\+91|0{0,2}91)?0?([1-9]\d{9})", digits)
    if match is None:
        raise BadInput(fields={"phone": _("This is not a mobile number. Please write its ten digits.")})
    return match[1]


def is_demo(e164: str) -> bool:
    """True for the range that exists only in a demo and is never sent to."""
    return e164.startswith("+911") and DEMO_FIRST <= int(e164[3:]) <= DEMO_LAST


def mask(e164: str) -> str:
    """Return the number with only its last three digits readable: "•••••••210"."""
    return "•" * 7 + e164[-3:]


def show(e164: str) -> str:
    """Return the number as people write it: "+91 98765 43210"."""
    return f"{e164[:3]} {e164[3:8]} {e164[8:]}"
