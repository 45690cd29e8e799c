"""Large files: rows lie on disk while they are worked on, and a workbook's table of texts does too."""

import io
import tracemalloc
import zipfile
from array import array

import pytest
from django.utils import translation

from toli.bench.imports_bench import MAIN, write_workbook
from toli.bench.tree_bench import write_tree
from toli.kit.errors import BadInput
from toli.org.importing.formats import Ask, units_in
from toli.org.importing.kept import BLOCK, Kept, Picked, SheetRow
from toli.org.importing.own import parse_own
from toli.org.importing.reading import sheet_of

ROWS = [SheetRow(line, [f"बूथ {line}", "", "x" * (line % 7)]) for line in range(3 * BLOCK + 5)]


@pytest.fixture
def kept():
    rows = Kept(SheetRow._make)
    rows.extend(ROWS)
    return rows


def test_rows_on_disk_read_like_a_list(kept):
    assert list(kept) == ROWS
    assert (len(kept), kept[0], kept[-1], kept[BLOCK]) == (len(ROWS), ROWS[0], ROWS[-1], ROWS[BLOCK])
    assert list(kept[: BLOCK + 1]) == ROWS[: BLOCK + 1]
    assert list(kept[10:][5:20]) == ROWS[15:30]
    assert list(kept[::-100]) == ROWS[::-100]
    with pytest.raises(IndexError):
        kept[len(ROWS)]


def test_rows_come_back_while_more_are_added(kept):
    assert kept[-1] == ROWS[-1]
    kept.append(ROWS[3])
    assert (kept[-1], kept[-2]) == (ROWS[3], ROWS[-1])


@pytest.mark.parametrize("rows", [ROWS, "kept"])
def test_rows_are_picked_in_an_order_of_their_own(kept, rows):
    picked = Picked(kept if rows == "kept" else rows, array("I", [7, 2, 700, 2]))
    assert list(picked) == [ROWS[place] for place in (7, 2, 700, 2)]
    assert list(picked[1:3]) == [ROWS[2], ROWS[700]]
    assert picked[-1] == ROWS[2]


def test_a_workbook_says_what_its_csv_says(tmp_path):
    write_tree(tmp_path / "tree.csv", 900)
    write_workbook(tmp_path / "tree.csv", tmp_path / "tree.xlsx")
    one, other = (units_in(tmp_path / f"tree.{kind}", Ask("toli")) for kind in ("csv", "xlsx"))
    assert list(one.rows) == list(other.rows)
    assert len(one.rows) == 900
    assert one.refused == other.refused == []


def test_half_a_million_rows_would_not_be_held(tmp_path):
    """12,000 rows as lists and units took 24 MB; on disk they take what the blocks of their file take, 5 MB."""
    write_tree(tmp_path / "tree.csv", 12_000)
    units_in(tmp_path / "tree.csv", Ask("toli"))
    tracemalloc.start()
    parsed = units_in(tmp_path / "tree.csv", Ask("toli"))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(parsed.rows) == 12_000
    assert peak < 8_000_000


def with_texts(tmp_path, texts, cells):
    """A workbook of one sheet whose table of texts is `texts` and whose rows are `cells`."""
    (tmp_path / "any.csv").write_text("x\n", encoding="utf-8")
    write_workbook(tmp_path / "any.csv", tmp_path / "any.xlsx")
    out = io.BytesIO()
    parts = {"xl/sharedStrings.xml": f"<sst {MAIN}>{texts}</sst>"}
    parts["xl/worksheets/sheet1.xml"] = f"<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>"
    with zipfile.ZipFile(tmp_path / "any.xlsx") as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name) or old.read(name))
    return out.getvalue()


def test_a_text_in_several_formats_is_one_text_without_its_reading(tmp_path):
    texts = "<si><r><t>बू</t></r><r><rPr><b/></rPr><t>थ 1</t></r><rPh><t>ignored</t></rPh></si><si/><si><t>b</t></si>"
    cells = '<row r="1">' + "".join(f'<c t="s"><v>{place}</v></c>' for place in (2, 1, 0)) + "</row>"
    assert [row.cells for row in sheet_of(with_texts(tmp_path, texts, cells)).rows] == [["b", "", "बूथ 1"]]


@pytest.mark.parametrize("place", ["7", "-1"])
def test_a_cell_that_names_no_text_of_the_table_is_refused_with_a_sentence(tmp_path, place):
    raw = with_texts(tmp_path, "<si><t>a</t></si>", f'<row r="1"><c t="s"><v>{place}</v></c></row>')
    with translation.override("en"), pytest.raises(BadInput, match="cannot be opened"):
        sheet_of(raw)


def test_two_hundred_columns_and_a_name_of_three_hundred_letters_are_read(tmp_path):
    more = [f"extra {n}" for n in range(197)]
    long = "श्री " * 75
    head, line = ",".join(["level", "code", "name_hi", *more]), ",".join(["booth", "b1", long, *["x"] * 197])
    (tmp_path / "wide.csv").write_text(f"{head}\n{line}\n", encoding="utf-8")
    csv, book = (tmp_path / "wide.csv").read_bytes(), tmp_path / "wide.xlsx"
    write_workbook(tmp_path / "wide.csv", book)
    for raw in (csv, book.read_bytes()):
        parsed = parse_own(sheet_of(raw))
        assert [row.names["hi"] for row in parsed.rows] == [long.strip()]
        assert len(parsed.unread_columns) == 197
