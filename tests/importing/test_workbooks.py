"""XLSX wherever a CSV is taken: cell types, merged and hidden things, bombs, and a corruptor."""

import io
import zipfile
from datetime import date, datetime

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from tests.importing.test_corruption import damaged

from toli.kit.errors import BadInput
from toli.org.importing import workbook
from toli.org.importing.lgd import parse_lgd
from toli.org.importing.own import parse_own
from toli.org.importing.reading import sheet_of
from toli.org.importing.stations import parse_stations

slowly = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def saved(*sheets, change=None):
    """A workbook of (name, rows) as bytes."""
    book, out = Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    if change:
        change(book)
    book.save(out)
    return out.getvalue()


def cells(raw, page=""):
    return [row.cells for row in sheet_of(raw, page).rows]


def test_numbers_days_truths_and_empty_cells_come_as_a_csv_would_hold_them():
    raw = saved(
        ("a", [["n", 12.0, 1.5, date(2026, 1, 31), datetime.fromisoformat("2026-01-31T09:30"), True, None, "०१२"]])
    )
    assert cells(raw) == [["n", "12", "1.5", "2026-01-31", "2026-01-31 09:30:00", "TRUE", "", "०१२"]]


def test_a_formula_is_never_worked_out_and_a_fault_is_empty_with_a_note():
    raw = saved(("a", [["x", "=1+1", "#N/A", "y"]]))
    sheet = sheet_of(raw)
    assert sheet.rows[0].cells == ["x", "", "", "y"]
    assert "sheet_faults" in {code for _line, code, _detail in sheet.notes}


def test_cells_merged_downward_say_the_same_for_every_row_and_sideways_nothing_is_repeated():
    rows = [["Title", None, None], ["District", "Samiti", "Gram Panchayat"], ["Tonk", "Niwai", "A"], [None, None, "B"]]

    def merge(book):
        for span in ("A1:C1", "A3:A4", "B3:B4"):
            book["a"].merge_cells(span)

    sheet = sheet_of(saved(("a", rows), change=merge))
    assert [row.cells for row in sheet.rows] == [["Title"], rows[1], rows[2], ["Tonk", "Niwai", "B"]]
    assert ("merged_cells", "2") in [(code, detail) for _line, code, detail in sheet.notes]


def test_hidden_sheets_are_read_by_name_only_and_others_are_listed():
    def hide(book):
        book["secret"].sheet_state = "hidden"

    raw = saved(("secret", [["s", 1]]), ("empty", []), ("shown", [["a", 1]]), ("more", [["b", 1]]), change=hide)
    sheet = sheet_of(raw)
    assert (sheet.page, sheet.rows[0].cells) == ("shown", ["a", "1"])
    assert [detail for _line, code, detail in sheet.notes if code == "other_sheets"] == ["shown; secret, empty, more"]
    assert cells(raw, "secret") == [["s", "1"]]
    with pytest.raises(BadInput, match="secret"):
        sheet_of(raw, "nowhere")


def test_a_stated_size_that_lies_is_not_believed():
    raw = saved(("a", [["x", 1], ["y", 2]]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'ref="A1:B2"', b'ref="A1:A1"'))
    assert cells(out.getvalue()) == [["x", "1"], ["y", "2"]]


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), body)
    return out.getvalue()


def test_bombs_and_other_archives_are_refused_before_they_unfold():
    many = packed(**{"xl__workbook_xml": b"<x/>"} | {f"n{n}": b"" for n in range(workbook.MOST_ENTRIES + 1)})
    for raw, says in (
        (packed(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=b"0" * 40_000_000), "unfolds"),
        (many, "unfolds"),
        (packed(word__document_xml=b"<x/>"), "no workbook"),
        (packed(xl__workbook_xml=b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "no sheet program"),
        (b"PK\x03\x04" + b"\0" * 50, "cannot be opened"),
    ):
        with translation.override("en"), pytest.raises(BadInput, match=says):
            sheet_of(raw)


def test_an_archive_whose_directory_lies_about_sizes_is_refused_not_unfolded():
    raw = bytearray(saved(("a", [["x", 1]])))
    at = raw.rfind(b"PK\x01\x02")
    raw[at + 24 : at + 28] = (5).to_bytes(4, "little")
    with pytest.raises(BadInput):
        sheet_of(bytes(raw))


@slowly
@given(damaged(whole=True), st.booleans())
def test_a_damaged_station_list_gives_the_same_as_a_workbook(made, with_numbers):
    raw, truth = made
    sheet = sheet_of(raw)
    rows = [[int(c) if with_numbers and c.isdigit() and c.isascii() and c[0] != "0" else c or None for c in row.cells]
            for row in sheet.rows]  # fmt: skip
    parsed = parse_stations(sheet_of(saved(("बूथ", rows))))
    assert {row.key for row in parsed.rows} == truth
    assert not parsed.refused


WHOLE = saved(("a", [["level", "code", "name_en"], *[["booth", n, f"Booth {n}"] for n in range(30)]]))


@slowly
@given(st.data())
def test_a_workbook_damaged_anywhere_is_read_or_refused_with_a_sentence(data):
    raw = bytearray(WHOLE)
    for _blow in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(4, len(raw) - 1))
        if data.draw(st.booleans()):
            raw[at] = data.draw(st.integers(0, 255))
        else:
            del raw[at : at + data.draw(st.integers(1, 40))]
    try:
        parsed = parse_own(sheet_of(bytes(raw)))
    except BadInput:
        return
    assert parsed.rows or parsed.refused


KINDS = {
    "village": "State Code,State Name,District Code,District Name,Sub-district Code,Sub-district Name,Village Code,"
    "Village Name",
    "block": "S.No.,State Code,State Name,District Code,District Name,Block Code,Block Version,Block Name ,Block Name",
    "town": "S.No.,Local Body Code,Local Body Version,Local Body Name,Local Body Name (In Local),Localbody Type Code,"
    "State Code,State Name",
}  # fmt: skip


@slowly
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_a_damaged_directory_list_keeps_every_code_once_and_never_guesses(kind, data):
    heading = KINDS[kind].split(",")
    order = data.draw(st.permutations(range(len(heading))))
    rows, truth = [], set()
    for n in range(data.draw(st.integers(1, 30))):
        code = data.draw(st.integers(1, 40))
        digits = str.maketrans("0123456789", "०१२३४५६७८९") if data.draw(st.booleans()) else {}
        row = [_cell(name, code, n).translate(digits) for name in heading]
        rows.append([row[at] for at in order])
        truth.add(code)
        rows += [[""] * len(heading)] * data.draw(st.sampled_from([0, 0, 1, 500]))
        if data.draw(st.integers(0, 9)) == 0:
            rows.append([heading[at] for at in order])
    lines = [[heading[at] for at in order], *rows]
    text = "\n".join(",".join(row) for row in lines)
    parsed = parse_lgd(sheet_of(text.encode(data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])))))
    assert parsed.kind == kind
    codes = [value for row in parsed.rows for scheme, value in row.codes if value.startswith(f"{kind}/")]
    assert sorted(codes) == sorted(f"{kind}/{code}" for code in truth)
    assert len(parsed.refused) + len(parsed.notes) + len(codes) >= len(truth)


def _cell(name, code, n):
    if name in ("State Code", "State Name"):
        return "8" if name == "State Code" else "RAJASTHAN"
    if name.endswith("Code") and name.startswith(("Village", "Block", "Local Body")):
        return str(code)
    if name.endswith("Code"):
        return str(code % 3 + 1)
    if "Version" in name or name == "S.No.":
        return "1"
    return f"Place {code % 7}" if n % 5 else f"Place {code}"
