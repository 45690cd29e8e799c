"""Files damaged in every way we know: reading always ends, with reasons, and never makes up a station."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toli.kit.errors import BadInput
from toli.org.importing.constituencies import parse_constituencies
from toli.org.importing.own import parse_own
from toli.org.importing.panchayats import parse_panchayats
from toli.org.importing.reading import sheet_of
from toli.org.importing.stations import parse_stations

HEADINGS = {
    "ac": ["AC No. & Name", "Assembly Constituency No and Name", "विधान सभा क्षेत्र संख्या एवं नाम"],
    "number": ["Polling Station No.", "PS No", "Booth No.", "मतदान केन्द्र संख्या", "बूथ नं"],
    "name": ["Polling Station Name", "Name of Polling Station", "मतदान केन्द्र का नाम"],
    "kind": ["Main/Auxiliary Polling Station (M/A)", "Main / Aux", "मूल/सहायक"],
    "lat": ["Latitude of Polling Station Building", "Lat", "अक्षांश"],
    "lon": ["Longitude of Polling Station Building", "Long", "देशांतर"],
}
AC = [
    "{n}-Sheohar [3-Sheohar]",
    "{n} Sheohar",
    "AC-{n} Sheohar",
    "Sheohar ({n})",
    "{n}-Sheohar (SC) [3-Sheohar]",
    "{n}",
]
MAIN = ["M", "Main", "मूल", "MAIN ", "मुख्य"]
AUX = ["A", "Aux", "Auxiliary", "सहायक", "Axillary"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]
DIGITS = str.maketrans("0123456789", "०१२३४५६७८९")

stations = st.lists(
    st.tuples(
        st.integers(1, 3), st.integers(1, 60), st.sampled_from(["", "A", "B"]), st.sampled_from(["main", "auxiliary"])
    ),
    min_size=1, max_size=25, unique=True,
)  # fmt: skip


@st.composite
def damaged(draw, *, whole: bool):
    """(bytes, the keys that are truly in the file). `whole`: only damage from which every row can be saved."""
    truth = draw(stations)
    columns = draw(st.permutations(list(HEADINGS)))
    heading = [draw(st.sampled_from(HEADINGS[name])) for name in columns]
    rows = [["Polling Station Details", *[""] * 5]] if draw(st.booleans()) else []
    rows.append(heading)
    if draw(st.booleans()):
        rows.append([str(n) for n in range(1, 7)])
    merge, devanagari = draw(st.booleans()), draw(st.booleans())
    above = None
    for ac, number, suffix, kind in sorted(truth):
        cells = {
            "ac": "" if merge and above == ac else draw(st.sampled_from(AC)).format(n=ac),
            "number": draw(st.sampled_from(["{n}{s}", "{n:03d} {s}", "{n}({s})" if suffix else "{n}"])).format(
                n=number, s=suffix
            ),
            "name": f"School {number}",
            "kind": draw(st.sampled_from(MAIN if kind == "main" else AUX)),
            "lat": draw(st.sampled_from(["26.63", "85.28", "", "N 26°37'59\"", "broken"])),
            "lon": draw(st.sampled_from(["85.28", "26.63", "", "2638377304"])),
        }
        above = ac
        rows.append([cells[name].translate(DIGITS) if devanagari else cells[name] for name in columns])
        if draw(st.integers(0, 12)) == 0:
            rows.append(heading)
        rows.extend([[""] * 6] * draw(st.sampled_from([0, 0, 0, 1, 3000])))
    if not whole:
        for _blow in range(draw(st.integers(1, 4))):
            rows = draw(st.sampled_from(BLOWS))(rows, draw(st.integers(0, max(0, len(rows) - 1))))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=draw(st.sampled_from([",", ";", "\t"])))
    writer.writerows(rows)
    text = out.getvalue()
    if not whole and draw(st.booleans()):
        cut = draw(st.integers(0, len(text)))
        text = text[:cut] + draw(st.sampled_from(['"', "\n", "\x00", "\r", "\ufeff", ",,,,"])) + text[cut:]
    keys = {(str(ac), number, suffix, kind) for ac, number, suffix, kind in truth}
    return text.encode(draw(st.sampled_from(ENCODINGS))), keys


def _drop_cell(rows, at):
    return [*rows[:at], rows[at][1:], *rows[at + 1 :]]


def _add_cells(rows, at):
    return [*rows[:at], ["?", *rows[at], "extra"], *rows[at + 1 :]]


def _cut_in_two(rows, at):
    return [*rows[:at], rows[at][:3], rows[at][3:], *rows[at + 1 :]]


def _two_in_one(rows, at):
    return [*rows[:at], [*rows[at], *rows[(at + 1) % len(rows)]], *rows[at + 2 :]]


def _drop_row(rows, at):
    return [*rows[:at], *rows[at + 1 :]]


def _shout(rows, at):
    return [*rows[:at], ["कुल योग", "", "", str(at)], *rows[at:]]


BLOWS = [_drop_cell, _add_cells, _cut_in_two, _two_in_one, _drop_row, _shout]
slowly = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@slowly
@given(damaged(whole=True))
def test_every_station_survives_what_can_be_survived(made):
    raw, truth = made
    parsed = parse_stations(sheet_of(raw))
    assert {row.key for row in parsed.rows} == truth
    assert not parsed.refused


@slowly
@given(damaged(whole=False))
def test_reading_ends_with_reasons_and_never_makes_up_a_main_and_auxiliary_mix(made):
    raw, truth = made
    parsed = parse_stations(sheet_of(raw))
    assert len({row.key for row in parsed.rows}) == len(parsed.rows)
    accounted = len(parsed.rows) + len(parsed.refused) + len(parsed.notes) + sum(parsed.skipped.values())
    assert accounted >= min(1, len(truth))
    for reason in parsed.refused:
        assert reason.code


@slowly
@given(st.binary(max_size=4000))
@pytest.mark.parametrize("parse", [parse_stations, parse_own, parse_panchayats, parse_constituencies])
def test_garbage_is_refused_with_a_reason_and_never_breaks_a_parser(parse, raw):
    try:
        parsed = parse(sheet_of(raw))
    except BadInput:
        return
    assert parsed.rows or parsed.refused


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+SUM(A1)", "@x", "-1+1"])
def test_a_formula_is_read_as_text_and_written_back_harmless(name, tmp_path):
    from toli.org.importing.rejects import write_rejects

    sheet = sheet_of(f"AC No. & Name,PS No,Polling Station Name,Main/Aux\n22-X,bad,{name},M\n".encode())
    parsed = parse_stations(sheet)
    path = write_rejects(tmp_path / "rejects", "units", parsed.refused, sheet)
    assert f"'{name}" in path.read_text(encoding="utf-8-sig").replace('"', "")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_file_in_cp1252_with_one_line_of_utf8_is_read(tmp_path):
    head = b"AC No. & Name,PS No,Polling Station Name,Main/Aux\n"
    raw = head + b"22-X,1,Caf\xe9,M\n" + "22-X,2,विद्यालय,A\n".encode()
    parsed = parse_stations(sheet_of(raw))
    assert [row.name for row in parsed.rows] == ["Café", "विद्यालय"]


def test_a_quote_that_never_closes_costs_no_row_below_it():
    lines = "\n".join(f"22-X,{n},School,M" for n in range(2, 200))
    raw = f'AC No. & Name,PS No,Polling Station Name,Main/Aux\n22-X,1,"School,M\n{lines}\n'.encode()
    parsed = parse_stations(sheet_of(raw))
    assert len(parsed.rows) == 199
    assert "open_quote" in {note.code for note in parsed.notes}


def test_a_rejects_file_can_be_imported_again_after_correcting(tmp_path):
    from toli.org.importing.rejects import write_rejects

    sheet = sheet_of(b"AC No. & Name,PS No,Polling Station Name,Main/Aux\n22-X,1,School,M\n22-X,?,School,A\n")
    parsed = parse_stations(sheet)
    path = write_rejects(tmp_path, "units", parsed.refused, sheet)
    again = parse_stations(sheet_of(path.read_bytes().replace(b",?,", b",7,")))
    assert [(row.number, row.kind) for row in again.rows] == [(7, "auxiliary")]
