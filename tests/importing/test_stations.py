"""Polling stations as districts publish them: all spellings are read, nothing is merged or guessed silently."""

from collections import Counter

import pytest

from toli.org.importing.coordinates import point
from toli.org.importing.reading import read_sheet, sheet_of
from toli.org.importing.station_cells import constituency, station_kind, station_number
from toli.org.importing.stations import parse_stations

HEAD = "AC No. & Name,Polling Station No.,Polling Station Name,Main/Auxiliary Polling Station (M/A),Latitude,Longitude"


def parse(*lines: str, head: str = HEAD):
    return parse_stations(sheet_of("\n".join([head, *lines]).encode()))


@pytest.mark.parametrize(
    "cell",
    ["22-Sheohar [3-Sheohar]", "22 Sheohar", "AC-22 Sheohar", "Sheohar (22)", "022-Sheohar", "22. Sheohar",
     "A.C. No & Name: 22-Sheohar", "22-Sheohar (3-Sheohar)", "22-Sheohar (SC) [3-Sheohar]", "Sheohar-22", "२२-Sheohar",
     "22-Sheohar [3-Sheohar", "AC No. 22 - Sheohar", "22/Sheohar", "[3-Sheohar] 22-Sheohar", "[22] Sheohar"],
)  # fmt: skip
def test_a_constituency_is_read_in_every_spelling(cell):
    assert constituency(cell) == (22, "Sheohar")


@pytest.mark.parametrize(
    ("cell", "read"),
    [("विधान सभा क्षेत्र संख्या 22 शिवहर", (22, "शिवहर")), ("२२ शिवहर", (22, "शिवहर")), ("22", (22, "")),
     ("Sheohar", (None, "Sheohar")), ("22-23 Sheohar", (None, "")), ("", (None, "")), ("9999 X", (None, ""))],
)  # fmt: skip
def test_a_constituency_with_two_numbers_or_none_is_not_guessed(cell, read):
    assert constituency(cell) == read


@pytest.mark.parametrize(
    ("cell", "read"),
    [("1", (1, "")), ("001", (1, "")), ("1A", (1, "A")), ("197(A)", (197, "A")), ("186 K", (186, "K")),
     ("003 A ", (3, "A")),
     ("12-a", (12, "A")), ("12/1", (12, "1")), ("१२ क", (12, "क")), ("1.0", (1, "")), ("PS-12", (12, "")),
     ("P.S. No. 4", (4, ""))],
)  # fmt: skip
def test_a_station_number_keeps_its_suffix(cell, read):
    found = station_number(cell)
    assert found is not None
    assert found[:2] == read


@pytest.mark.parametrize("cell", ["", "A", "0", "12,13", "12-13", "1 to 5", "12345", "कुल"])
def test_what_is_no_station_number_is_refused(cell):
    assert station_number(cell) is None


@pytest.mark.parametrize(
    "word", ["M", "m", "Main", "MAIN PS", "Mian", "मूल", "मुख्य", "मेन", "Mool", "mukhya", "M.", "(M)"]
)
def test_main_is_read_in_every_spelling(word):
    assert station_kind(word)[0] == "main"


@pytest.mark.parametrize(
    "word",
    [
        "A",
        "Aux",
        "AUX.",
        "Auxiliary",
        "Auxilary",
        "Axillary",
        "Auxillary PS",
        "सहायक",
        "सहायाक",
        "Auxialiary",
        "Sahayak",
    ],
)
def test_auxiliary_is_read_in_every_spelling(word):
    assert station_kind(word)[0] == "auxiliary"


@pytest.mark.parametrize("word", ["", "99", "Main/Auxiliary", "Yes", "N/A", "-"])
def test_what_says_neither_is_kept_as_not_stated(word):
    assert station_kind(word) == ("not_stated", False)


@pytest.mark.parametrize(
    ("pair", "read"),
    [
        (("26.6331", "85.2896"), (26.6331, 85.2896, "")),
        (("85.2896", "26.6331"), (26.6331, 85.2896, "swapped")),
        (("25°29'52\"N", "84°44'56.76\"E"), (25.4977778, 84.7491, "")),
        (("N-250 4'19''", "E-840 50'47''"), (25.0719444, 84.8463889, "")),
        (("26.6331, 85.2896", ""), (26.6331, 85.2896, "")),
        (("2638377304", "85.17"), (None, None, "unreadable")),
        (("25°71'22\"", "84°44'"), (None, None, "unreadable")),
        (("0.5", "0.5"), (None, None, "outside")),
        (("", ""), (None, None, "")),
    ],
)
def test_coordinates_are_read_or_left_empty_with_a_reason(pair, read):
    assert point(*pair) == read


def test_main_and_auxiliary_of_one_number_stay_two_stations():
    parsed = parse("22-Sheohar,3,School,Main,,", "22-Sheohar,3,School,Auxiliary,,", "22-Sheohar,3,School,,,")
    assert [row.kind for row in parsed.rows] == ["main", "auxiliary", "not_stated"]
    assert not parsed.refused


def test_the_same_station_twice_is_reported_with_the_first_line():
    parsed = parse("22-Sheohar,3 A,School,Main,,", "22 Sheohar,003A,School,M,,")
    assert len(parsed.rows) == 1
    assert [(r.line, r.code, r.detail) for r in parsed.refused] == [(3, "same_station", "2")]


def test_broken_coordinates_never_cost_the_row():
    parsed = parse("22-Sheohar,1,School,Main,abc,xyz")
    assert parsed.rows[0].latitude is None
    assert [note.code for note in parsed.notes] == ["coordinates_unreadable"]


def test_merged_cells_take_the_constituency_above_with_a_note():
    parsed = parse("22-Sheohar,1,School,Main,,", ",2,School,Main,,", "23-Riga,3,School,Main,,", ",4,School,Main,,")
    assert [row.constituency for row in parsed.rows] == [22, 22, 23, 23]
    assert [note.code for note in parsed.notes] == ["constituency_from_above"] * 2


def test_a_section_title_names_the_constituency_when_there_is_no_such_column():
    head = "Polling Station No.,Polling Station Name,Main/Auxiliary"
    parsed = parse(
        "Assembly Constituency: 22-Sheohar,,", "1,School,M", "2,School,A", "विधानसभा 23-रीगा,,", "1,School,M", head=head
    )
    assert [(row.constituency, row.number) for row in parsed.rows] == [(22, 1), (22, 2), (23, 1)]


def test_headings_in_hindi_and_rows_with_devanagari_digits():
    head = "विधानसभा क्षेत्र की संख्या एवं नाम,मतदान केन्द्र संख्या,मतदान केन्द्र का नाम,मूल/सहायक,अक्षांश,देशान्तर"
    parsed = parse("२२ शिवहर,१२ क,राजकीय विद्यालय,सहायक,२६.६३,८५.२८", head=head)
    row = parsed.rows[0]
    assert (row.constituency, row.number, row.suffix, row.kind, row.latitude) == (22, 12, "क", "auxiliary", 26.63)


def test_number_and_name_in_one_cell_are_taken_apart():
    head = "विधानसभा क्षेत्र,मतदान केन्द्र की संख्या एवं नाम,मूल/सहायक"
    parsed = parse(
        "२२-शिवहर,१२(क) - राजकीय विद्यालय,सहायक", "22-शिवहर,13 A, मूल", "22-शिवहर,14. School (East),M", head=head
    )
    assert [(row.number, row.suffix, row.name) for row in parsed.rows] == [
        (12, "क", "राजकीय विद्यालय"), (13, "A", ""), (14, "", "School (East)"),
    ]  # fmt: skip


def test_an_unknown_column_is_named_and_not_read():
    parsed = parse("22-Sheohar,1,School,M,,,1200", head=HEAD + ",Something else")
    assert parsed.unread_columns == ["Something else"]
    assert "Something else" not in parsed.rows[0].facts


def test_headings_that_come_again_in_another_order_move_the_columns():
    moved = (
        "Polling Station Name,AC No. & Name,Main/Auxiliary Polling Station (M/A),Polling Station No.,Latitude,Longitude"
    )
    parsed = parse("22-Sheohar,1,School A,M,,", moved, "School B,22-Sheohar,A,2,,")
    assert [(row.number, row.name, row.kind) for row in parsed.rows] == [
        (1, "School A", "main"),
        (2, "School B", "auxiliary"),
    ]
    assert "columns_moved" in [note.code for note in parsed.notes]


def test_a_row_cut_in_two_is_put_together_with_a_note():
    parsed = parse("22-Sheohar,1,School of", "the village,Main,26.6,85.2", "22-Sheohar,2,School,Main,,")
    assert [(row.number, row.name) for row in parsed.rows] == [(1, "School of the village"), (2, "School")]
    assert [note.code for note in parsed.notes] == ["joined_lines"]


def test_thousands_of_blank_rows_are_passed_over():
    parsed = parse(*[",,,,,"] * 20_000, "22-Sheohar,1,School,Main,,", *[""] * 3001)
    assert len(parsed.rows) == 1
    assert parsed.skipped["blank"] >= 23_000


@pytest.mark.shared
def test_the_published_files_are_read_whole(shared_data):
    counts = {}
    for path in sorted((shared_data / "polling_stations").glob("*.csv")):
        parsed = parse_stations(read_sheet(path))
        assert not parsed.refused, path.name
        assert not parsed.unread_columns
        counts[path.name] = Counter(row.kind for row in parsed.rows)
    assert counts["3-Sheohar.csv"] == {"main": 288, "auxiliary": 139}
    assert counts["33-Arwal.csv"] == {"main": 508, "auxiliary": 228, "not_stated": 1}
    assert counts["34-Jehanabad.csv"] == {"main": 856, "auxiliary": 324}
