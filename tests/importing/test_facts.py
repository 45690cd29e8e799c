"""Our facts about Rajasthan agree with themselves, and with the Commission's list where it is at hand."""

import csv
from collections import Counter

import pytest

from toli.org.importing import facts

DISTRICTS = {
    "ganganagar": 6, "hanumangarh": 5, "bikaner": 7, "churu": 6, "jhunjhunu": 7, "sikar": 8, "jaipur": 19, "alwar": 11,
    "bharatpur": 7, "dholpur": 4, "karauli": 4, "dausa": 5, "sawai-madhopur": 4, "tonk": 4, "ajmer": 8, "nagaur": 10,
    "pali": 6, "jodhpur": 10, "jaisalmer": 2, "barmer": 7, "jalore": 5, "sirohi": 3, "udaipur": 8, "pratapgarh": 2,
    "dungarpur": 4, "banswara": 5, "chittorgarh": 5, "rajsamand": 4, "bhilwara": 7, "bundi": 3, "kota": 6, "baran": 4,
    "jhalawar": 4,
}  # fmt: skip


@pytest.fixture
def seats() -> dict[int, dict[str, str]]:
    return {int(row["number"]): row for row in facts.rows_of("rajasthan_constituencies")}


def test_there_are_7_divisions_33_districts_25_parliament_seats_and_200_constituencies(seats):
    divisions = {row["key"] for row in facts.rows_of("rajasthan_divisions")}
    districts = {row["key"]: row["division"] for row in facts.rows_of("rajasthan_districts")}
    assert (len(divisions), len(districts), len(facts.rows_of("rajasthan_parliament"))) == (7, 33, 25)
    assert set(districts.values()) == divisions
    assert sorted(seats) == list(range(1, 201))
    assert Counter(row["reserved"] for row in seats.values()) == {"": 141, "SC": 34, "ST": 25}


def test_each_district_has_its_number_of_constituencies(seats):
    assert Counter(row["district"] for row in seats.values()) == DISTRICTS
    assert sum(DISTRICTS.values()) == 200


@pytest.mark.parametrize(
    ("number", "name", "district", "parliament", "reserved"),
    [
        (179, "Sahara", "bhilwara", "Bhilwara", ""),
        (24, "Sujangarh", "churu", "Churu", "SC"),
        (175, "Rajsamand", "rajsamand", "Rajsamand", ""),
        (155, "Vallabhnagar", "udaipur", "Chittorgarh", ""),
    ],
)
def test_the_four_seats_of_2021_stand_where_they_belong(seats, number, name, district, parliament, reserved):
    row = seats[number]
    upper = {r["number"]: r["name_en"] for r in facts.rows_of("rajasthan_parliament")}
    assert (row["name_en"], row["district"], upper[row["parliament"]], row["reserved"]) == (
        name, district, parliament, reserved,
    )  # fmt: skip


def test_every_fact_has_both_scripts_and_a_source():
    for name in ("divisions", "districts", "parliament", "constituencies"):
        for row in facts.rows_of(f"rajasthan_{name}"):
            assert row["source"]
            assert row["name_en"].isascii()
            assert any("\u0900" <= char <= "\u097f" for char in row["name_hi"])
            assert not any(char.isascii() and char.isalpha() for char in row["name_hi"])


@pytest.mark.shared
def test_numbers_reservation_and_parliament_seats_agree_with_the_commissions_list(seats, shared_data):
    with (shared_data / "eci_2008_constituencies.csv").open(encoding="utf-8") as file:
        listed = {int(r["AC_CODE"]): r for r in csv.DictReader(file) if r["ST_CODE"] == "S20"}
    assert sorted(listed) == sorted(seats)
    for number, row in listed.items():
        ours = seats[number]
        assert (ours["name_en"].upper(), ours["reserved"], ours["parliament"]) == (
            row["AC_NAME"], row["AC_TYPE"], row["PC_CODE"],
        )  # fmt: skip
    assert [number for number, row in seats.items() if row["name_en"] == "Shahpura"] == [42, 181]
    upper = {r["number"]: r for r in facts.rows_of("rajasthan_parliament")}
    for row in listed.values():
        ours = upper[row["PC_CODE"]]
        assert (ours["name_en"].upper(), ours["reserved"]) == (row["PC_NAME"], row["PC_TYPE"])
