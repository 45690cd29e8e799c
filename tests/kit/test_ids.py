"""Refs and receipts."""

from datetime import UTC, datetime, timedelta

import pytest

from toli.kit import ids
from toli.kit.errors import BadInput


def test_refs_are_version_seven_and_grow_with_time():
    refs = [ids.uuid7() for _ in range(2000)]
    assert {(ref.version, ref.variant) for ref in refs} == {(7, "specified in RFC 4122")}
    assert len(set(refs)) == 2000
    assert abs(ids.uuid7_time(refs[0]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert refs[0] < refs[-1]


def test_the_example_of_the_standard_is_read():
    ref = ids.parse_ref("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")  # RFC 9562, A.6
    assert ids.uuid7_time(ref) == datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)


@pytest.mark.parametrize("wrong", ["", "x", "017f22e2-79b0-4cc3-98c4-dc0c0c07398f", "017f22e279b07cc398c4dc0c0c07398"])
def test_other_refs_are_refused(wrong):
    with pytest.raises(BadInput):
        ids.parse_ref(wrong)


def test_a_ref_from_another_age_is_refused():
    with pytest.raises(BadInput):
        ids.parse_ref("ffffffff-ffff-7cc3-98c4-dc0c0c07398f", now=datetime.now(UTC))


def test_receipts_have_ten_digits_and_are_read_back_in_any_script():
    for _ in range(200):
        receipt = ids.new_receipt()
        assert len(receipt) == 10
        assert receipt[0] != "0"
        assert ids.parse_receipt(ids.spoken_receipt(receipt)) == receipt
        assert ids.parse_receipt(receipt.translate(str.maketrans("0123456789", "०१२३४५६७८९"))) == receipt


def test_every_wrong_digit_and_every_swap_of_neighbours_is_caught():
    receipt = ids.new_receipt()
    wrong = {receipt[:i] + d + receipt[i + 1 :] for i in range(10) for d in "0123456789"} - {receipt}
    wrong |= {receipt[:i] + receipt[i + 1] + receipt[i] + receipt[i + 2 :] for i in range(9)} - {receipt}
    for text in wrong:
        with pytest.raises(BadInput):
            ids.parse_receipt(text)
