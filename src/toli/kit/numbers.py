"""Numbers as people here say them: lakh and crore."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from toli.kit.errors import BadInput
from toli.kit.text import ascii_digits

_STEPS = (
    (10_000_000, {"hi": "करोड़", "en": "crore"}),
    (100_000, {"hi": "लाख", "en": "lakh"}),
    (1_000, {"hi": "हज़ार", "en": "thousand"}),
)


def group(number: int) -> str:
    """Return the number with Indian grouping: 1234567 -> "12,34,567"."""
    sign, digits = ("-" if number < 0 else ""), str(abs(number))
    head, tail = digits[:-3], digits[-3:]
    pairs: list[str] = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    return sign + ",".join([*pairs, tail])


def compact(number: int, language: str = "hi") -> str:
    """Return a short text to one decimal: 1250000 -> "12.5 लाख". Below 10,000 all digits are shown."""
    if abs(number) < 10_000:
        return group(number)
    step, names = next(pair for pair in _STEPS if abs(number) >= pair[0])
    value = (Decimal(number) / step).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if abs(value) * step >= 100 * step and step < 10_000_000:
        return compact(int(value * step), language)
    whole = group(int(value))
    tenth = abs(int(value * 10)) % 10
    return f"{whole}{f'.{tenth}' if tenth else ''} {names.get(language, names['en'])}"


def rupees(paise: int) -> str:
    """Return an amount of paise as text: 1250050 -> "₹12,500.50"."""
    whole, rest = divmod(abs(paise), 100)
    return f"{'-' if paise < 0 else ''}₹{group(whole)}{f'.{rest:02d}' if rest else ''}"


def percent(part: int, whole: int) -> int | None:
    """Return the share in whole percent, rounded down (99.6 is not all); None when there is no whole."""
    return part * 100 // whole if whole else None


def parse_whole(text: str) -> int:
    """Return the whole number typed with any digits and grouping: "१२,३४,५६७" -> 1234567. Raises BadInput."""
    cleaned = ascii_digits(text).replace(",", "").replace(" ", "").replace("\u00a0", "")
    try:
        value = Decimal(cleaned)
    except InvalidOperation:
        raise BadInput(_("Please write a whole number, for example 25.")) from None
    if not value.is_finite() or value != value.to_integral_value() or abs(value) >= 2**63:
        raise BadInput(_("Please write a whole number, for example 25."))
    return int(value)
