"""A number in every spelling it comes in."""

import pytest

from toli.kit import phone
from toli.kit.errors import BadInput

SPELLINGS = [
    "1000000005",
    "+91 10000 00005",
    "+911000000005",
    "0091-1000000005",
    "01000000005",
    "91 1000000005",
    "1000.000.005",
    "(+91) 1000-000-005",
    "१००००००००५",
    "+९१ १०००० ०००_०५".replace("_", ""),
    "०१००००००००५",
    "\u202a+91 10000\u00a000005\u202c",
    "1000000005.0",
    "Mob: 1000000005",
    "मोबाइल 1000000005",
    "'1000000005",
    "tel:+911000000005",
    "+91-0-1000000005",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_is_the_same_number(spelling):
    assert phone.parse(spelling, demo=True) == "+911000000005"


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_demo_numbers_are_refused_outside_the_demo(spelling):
    with pytest.raises(BadInput) as caught:
        phone.parse(spelling)
    assert "phone" in caught.value.fields


@pytest.mark.parametrize(
    "wrong",
    ["", " ", "12345", "10000000051", "+1 212 555 0100", "+92 1000000005", "abcdefghij", "1000000005 1000000006",
     "0000000000", "1100000000", "5000000000", "9" * 4000, "+91", "²²²²²²²²²²", "1000000005e3", "011 2345 6789"],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(wrong):
    with pytest.raises(BadInput) as caught:
        phone.parse(wrong, demo=True)
    assert str(caught.value.fields["phone"])


def test_demo_range_ends_where_it_says():
    for last in ("1000000000", "1099999999"):
        assert phone.is_demo(phone.parse(last, demo=True))
    assert not phone.is_demo("+911100000000")


def test_a_mask_shows_three_digits_only():
    assert phone.mask("+911000000123") == "•••••••123"
    assert phone.show("+911000000123") == "+91 10000 00123"
