"""What is never stored about a person."""

import pytest

from toli.kit import forbidden
from toli.kit.errors import BadInput

REFUSED = {
    "caste": ["Caste", "sub_caste", "fatherCaste", "जाति", "उप-जाति का नाम", "gotra", "अनुसूचित जाति", "OBC"],
    "religion": ["religion", "धर्म", "Dharm", "मज़हब", "mazhab", "minority_status"],
    "aadhaar": ["AadhaarNo", "aadhar card", "आधार नंबर", "UID No", "aadhaar1"],
    "bank": ["Bank A/C No", "ifscCode", "बैंक खाता", "khata number", "UPI ID", "PAN card", "खाता संख्या"],
    "biometrics": ["fingerprint", "अंगूठे का निशान", "face id", "angutha"],
    "health": ["blood_group", "बीमारी", "disability", "दिव्यांगता", "bimari", "health"],
    "income": ["annual income", "आय", "मासिक आय", "salary", "aamdani"],
    "welfare": ["BPL?", "ration card no", "लाभार्थी योजना", "labharthi", "जन आधार", "pension"],
    "vote": ["vote prediction", "support_score", "किसको वोट", "kis party", "voted for", "political leaning"],
    "roll": ["EPIC No", "voter id", "मतदाता पहचान पत्र"],
}
ALLOWED = [
    "name", "नाम", "phone", "मोबाइल", "village", "गाँव", "pincode", "पिन कोड", "panchayat", "skills", "wing", "मोर्चा",
    "access need", "voucher no", "elector of part 12", "भाग संख्या", "Jatin", "account state", "party", "आयु",
    "birth year", "community wing", "category", "seat", "language", "ward", "samiti", "booth", "gender",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in REFUSED.items() for name in names])
def test_forbidden_names_are_refused_in_hindi_hinglish_and_english(kind, name):
    refusal = forbidden.refused_name(name)
    assert refusal is not None
    assert refusal.column == name
    if name != "जन आधार":
        assert refusal.kind == kind


@pytest.mark.parametrize("name", ALLOWED)
def test_ordinary_names_and_the_exceptions_pass(name):
    assert forbidden.refused_name(name) is None


def test_facts_about_a_unit_and_words_of_content_pass():
    assert forbidden.refused_name("caste reservation", about="unit") is None
    assert forbidden.refused_name("caste", about="content") is None
    assert forbidden.refused_columns(["x"], [["234123412346"]], about="unit") == []


def test_a_column_of_aadhaar_numbers_is_found_whatever_its_name_and_no_value_leaves():
    refusals = forbidden.refused_columns(["name", "ref"], [["Asha", "12"], ["Dev", "2341 2341 2346"]])
    assert [(refusal.column, refusal.kind) for refusal in refusals] == [("ref", "aadhaar")]
    assert "2346" not in repr(refusals)


@pytest.mark.parametrize("value", ["234123412346", "2341-2341-2346", "२३४१ २३४१ २३४६", "no: 234123412346."])
def test_aadhaar_numbers_are_seen_in_every_dress(value):
    assert forbidden.has_aadhaar(value)


@pytest.mark.parametrize(
    "value", ["234123412347", "123412341234", "+911000000005", "911000000005", "4829137056", "", "x" * 999]
)
def test_other_numbers_are_no_aadhaar(value):
    assert not forbidden.has_aadhaar(value)


def test_the_check_agrees_with_a_published_example():
    assert forbidden.is_verhoeff("2363")
    assert not forbidden.is_verhoeff("2364")


def test_a_form_is_refused_by_name_without_its_value():
    with pytest.raises(BadInput) as caught:
        forbidden.check_person_fields({"name": "Asha", "जाति": "secret-value"})
    assert set(caught.value.fields) == {"जाति"}
    assert "secret-value" not in str(caught.value)
    forbidden.check_person_fields({"name": "Asha", "skills": "writing"})
