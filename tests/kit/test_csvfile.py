"""Files of rows, however they come."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toli.kit import csvfile
from toli.kit.errors import BadInput

TABLE = [("नाम", "गाँव"), ("राजेश", "सहाड़ा"), ("Ravi, Jr", 'कोटा "पूर्व"')]


def table(data, **options):
    return [row.cells for row in csvfile.read(data, **options)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_every_encoding_and_delimiter_gives_the_same_rows(encoding, mark):
    quoted = ['"' + cell.replace('"', '""') + '"' for row in TABLE for cell in row]
    text = "\r\n".join(mark.join(quoted[i : i + 2]) for i in range(0, 6, 2))
    assert table(text.encode(encoding)) == TABLE


def test_a_western_file_is_read_as_cp1252():
    assert table("name,place\nJosé,Kota – east\n".encode("cp1252")) == [("name", "place"), ("José", "Kota – east")]


def test_lines_are_numbered_and_blank_rows_kept():
    rows = list(csvfile.read(b'a,b\n\n"two\nlines",x\n,\n1,2\n'))
    assert [(row.line, row.is_blank) for row in rows] == [(1, False), (2, True), (3, False), (5, True), (6, False)]
    assert rows[2].cells == ("two lines", "x")


def test_a_stray_quote_in_a_cell_stays():
    assert table(b'a,b\n5" pipe,x "y" z\n') == [("a", "b"), ('5" pipe', 'x "y" z')]


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04rest", b"%PDF-1.7", b"a,b\n" + b"x" * 20_000, b'a,"b\n' + b"y,z\n" * 9000, b"," * 900,
     b"\x00\x01\x02\x03" * 50, b"\xff\xfea\x00b"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(data):
    with pytest.raises(BadInput) as caught:
        table(data)
    assert str(caught.value)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data):
    with suppress(BadInput):
        table(data)


@pytest.mark.parametrize("bad", ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", " =1+1", "＝1", "\r=1"])
def test_formulas_are_written_as_text(bad):
    written = "".join(csvfile.write(["h"], [[bad]]))
    cell = table(written.encode())[1][0]
    assert cell.startswith("'")


@pytest.mark.parametrize("plain", ["-5", "+91 10000 00005", "12.5", "राजेश", "", "a=b", 7, None])
def test_plain_values_stay(plain):
    assert csvfile.safe_cell(plain) == ("" if plain is None else str(plain))


def test_what_is_written_is_read_back():
    assert table("".join(csvfile.write(TABLE[0], TABLE[1:])).encode()) == TABLE
