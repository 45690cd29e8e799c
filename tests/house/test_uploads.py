"""Every place where a file comes in: found by reading the code, tried with files made to hurt."""

from __future__ import annotations

import ast
import io
import re
import struct
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve, reverse
from PIL import Image
from tests.house import world
from tests.house.test_shape import SOURCE, python_files
from tests.house.test_urls import ask, db, w  # noqa: F401 - fixtures
from tests.house.urls import ROWS
from tests.tasks.conftest import picture

from toli.content import pictures
from toli.kit.errors import BadInput
from toli.tasks import photos
from toli.ui.sizes import FORM, WITH_FILES

# --- files made to hurt ---


def flat_png(width: int, height: int) -> bytes:
    """A true PNG of one colour, some kilobytes small, that unfolds to width x height pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer, rows = zlib.compressobj(9), []
    for _row in range(height):
        rows.append(packer.compress(b"\0" * (width // 8 + 2)))
    body = b"".join(rows) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def claims_png(width: int, height: int) -> bytes:
    """A PNG that only says how large it is."""
    return flat_png(8, 8)[:16] + struct.pack(">II", width, height) + flat_png(8, 8)[24:]


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/"), body)
    return out.getvalue()


SCRIPT = b"<script>alert(document.domain)</script>"
LAUGHS = b'<?xml version="1.0"?><!--' + b"x" * 5000 + b'--><!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]><workbook>&j;</workbook>"  # fmt: skip


@lru_cache
def hostile() -> dict[str, bytes]:
    """Files by what is wrong with them."""
    gif = io.BytesIO()
    Image.new("P", (4, 4)).save(gif, "GIF")
    return {
        "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>",
        "page.html": b"<!doctype html>" + SCRIPT,
        "page named as a photo.jpg": b"<!doctype html>" + SCRIPT,
        "document.pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF",
        "postscript.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n",
        "moving.gif": gif.getvalue(),
        "photo with a page behind it.jpg": picture() + SCRIPT,
        "photo with a page in its comment.jpg": picture(comment=SCRIPT),
        "half a photo.jpg": picture()[:400],
        "nothing.jpg": b"",
        "zeros.jpg": b"\0" * 5000,
        "claims too much.png": claims_png(60_000, 60_000),
        "claims no size.png": claims_png(0, 0),
        "unfolds.png": flat_png(9_000, 9_000),
        "unfolding book.xlsx": packed(xl__workbook_xml=b"<a/>", xl__big=b"\0" * 30_000_000),
        "laughing book.xlsx": packed(**{"xl/workbook.xml": LAUGHS, "[Content_Types].xml": LAUGHS}),
        "book.xlsm": packed(xl__vbaProject_bin=b"x"),
        "../../../tmp/x.csv": b"name,phone\n=cmd|' /C calc'!A0,1\n",
        "nul\0.csv": "नाम\0,x\n".encode(),
        "half a letter.csv": "नाम".encode()[:-1] + b"\xff\xfe\xed\xa0\x80",
        "many commas.csv": b"," * 200_000 + b"\n",
        "one long line.csv": b"x" * 1_000_000,
        "deep.json": b"[" * 50_000 + b"]" * 50_000,
        "wrong map.json": b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon",'
        b'"coordinates":"<script>"},"properties":{"name":"</script><script>alert(1)</script>"}}]}',
    }


KEEPERS = {
    "a task's photo": lambda body, folder: photos.clean_photo(body).body,
    "an item's picture": lambda body, folder: pictures.redrawn(body),
}


@pytest.mark.parametrize("keep", KEEPERS.values(), ids=KEEPERS)
@pytest.mark.parametrize("name", hostile())
def test_a_file_made_to_hurt_is_refused_or_drawn_anew(keep, name, tmp_path):
    if not name.startswith("photo with"):
        with pytest.raises(BadInput):
            keep(hostile()[name], tmp_path)
        assert list(tmp_path.iterdir()) == []
        return
    kept = keep(hostile()[name], tmp_path)
    assert kept.startswith(b"\xff\xd8\xff")
    assert b"<script" not in kept
    assert b"SECRETPHONE" not in kept


@pytest.mark.parametrize("keep", KEEPERS.values(), ids=KEEPERS)
def test_ordinary_photos_of_every_kind_are_taken(keep, tmp_path):
    for kind in ("JPEG", "PNG", "WEBP"):
        assert keep(picture(format=kind), tmp_path).startswith(b"\xff\xd8\xff"), kind
    assert keep(picture(size=(8000, 6000)), tmp_path).startswith(b"\xff\xd8\xff"), "48 megapixels of a phone"


# --- where files come in ---


def readers_of_files(text: str) -> dict[str, list[str]]:
    """Functions that read `request.FILES`, with what decorates them or says that they count themselves."""
    found = {}
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and "request.FILES" in ast.unparse(node):
            found[node.name] = [ast.unparse(line) for line in node.decorator_list]
    for said in tree.body:
        name, _dot, act = ast.unparse(said).partition(".limited_act = ")
        if act and name in found:
            found[name].append(f"limited({act})")
    return found


def is_limited(decorators: list[str]) -> bool:
    return any(re.search(rf"""limited\(['"]({"|".join(WITH_FILES)})['"]""", line) for line in decorators)


def test_whoever_takes_files_is_limited_in_number_and_size():
    found = {path: readers_of_files(path.read_text()) for path in python_files() if "FILES" in path.read_text()}
    wrong = [
        f"{path.relative_to(SOURCE)}: {name} needs @limited('upload') or @limited('import')"
        for path, functions in found.items()
        for name, decorators in functions.items()
        if not is_limited(decorators)
    ]
    assert wrong == []
    assert sum(map(len, found.values())) >= 5


def test_the_check_above_can_fail():
    [decorators] = readers_of_files("@signed_in\ndef take(request):\n    x(request.FILES)").values()
    assert not is_limited(decorators)
    [decorators] = readers_of_files("@sessions.limited('upload')\ndef take(request):\n    x(request.FILES)").values()
    assert is_limited(decorators)


def test_no_form_opens_a_picture_by_itself():
    """Django's ImageField lets every decoder of Pillow loose on the file before our limits are asked."""
    assert [path for path in python_files() if "forms.ImageField" in path.read_text()] == []


def takes_files(row: Any, world_: Any) -> bool:
    return getattr(resolve(reverse(row.name, args=row.args(world_))).func, "limited_act", "") in WITH_FILES


def test_no_address_falls_over_a_file_made_to_hurt(w):  # noqa: F811
    tried, ours = 0, kept_files()
    for row in (row for row in ROWS if row.post and takes_files(row, w)):
        fields = row.post(w)
        for name, body in hostile().items():
            files = {n: SimpleUploadedFile(name, body) for n in {"file", "photo", *files_of(fields)}}
            before = kept_files()
            answer = ask(w, row.may.split()[0], row, sent={**fields, **files})
            assert answer.status < 500, (row.name, name, answer.text[-800:])
            assert answer.status != 403, (row.name, name)
            assert answer.status < 400 or kept_files() == before, (row.name, name, "refused, and kept all the same")
            tried += 1
    assert tried >= 4 * len(hostile())
    for path in kept_files():
        assert path.stat().st_mode & 0o111 == 0, path
        if not is_of_an_import(path) and path not in ours:
            assert path.read_bytes().startswith(b"\xff\xd8\xff"), path


def kept_files() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def is_of_an_import(path: Path) -> bool:
    """An import is read again for each step, so its upload is kept as it came, and what the check said beside it: under
    our name, for the owner only. No view gives the upload out; the refused rows go as an attachment.
    """
    named = re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(upload|reasons|rejects)", path.name)
    private = (path.parent.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)
    return path.parent == Path(settings.MEDIA_ROOT) / "imports" and bool(named) and private


def files_of(fields: dict[str, Any]) -> list[str]:
    return [name for name, value in fields.items() if isinstance(value, SimpleUploadedFile)]


# --- how much comes in ---


@pytest.mark.parametrize("row", [row for row in ROWS if row.post], ids=lambda row: row.name)
def test_a_body_too_large_is_refused_before_it_is_read(w, row):  # noqa: F811
    address = reverse(row.name, args=row.args(w))
    most = WITH_FILES.get(getattr(resolve(address).func, "limited_act", ""), FORM)
    client = Client(headers={"accept-language": "en"}, enforce_csrf_checks=True)
    unread = Unread()
    answer = client.generic(
        "POST", address, content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(most + 1), "wsgi.input": unread},
    )  # fmt: skip
    assert (answer.status_code, unread.asked) == (413, 0)
    assert f"larger than {most // 1024 // 1024} MB" in answer.content.decode()


class Unread(io.RawIOBase):
    """A body that notes whether anybody asked for it."""

    asked = 0

    def read(self, size: int = -1) -> bytes:
        self.asked += 1
        return b""


@pytest.mark.parametrize("said", ["-1", "x", "９", "1e9", "0x10", "9" * 40, ""])
def test_a_length_that_is_none_is_no_fault_of_ours(w, said):  # noqa: F811
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    answer = client.generic("POST", "/login/", b"", content_type="text/plain", CONTENT_LENGTH=said)
    assert answer.status_code in (400, 413, 422), said


def test_too_many_fields_or_files_are_refused(w):  # noqa: F811
    client = w.bilal.client
    assert client.post("/desk/content/new/", {f"f{n}": "x" for n in range(3100)}).status_code == 400
    many = {f"f{n}": SimpleUploadedFile("x", b"x") for n in range(6)}
    assert client.post("/desk/content/new/", {**world.item_form(w), **many}).status_code == 400


# --- how files go out ---

SHOWN = ("image/jpeg", "text/html", "application/json", "image/svg+xml", "application/manifest+json", "text/javascript")
# Drawn by us, of nobody's upload; the test below reads that it is a true PNG or PDF.
DRAWN = {"warroom:picture": ("image/png", "PNG"), "recruitment:letter": ("application/pdf", "PDF")}


def test_a_file_that_goes_out_cannot_run(w):  # noqa: F811
    for row in (row for row in ROWS if not row.post):
        answer = ask(w, row.may.split()[0], row)
        kind = answer.headers.get("Content-Type", "").split(";")[0]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if row.name in DRAWN and answer.status == 200:
            assert (kind, answer.text[1:4]) == DRAWN[row.name]
        elif kind not in SHOWN and answer.status == 200:
            attached = answer.headers.get("Content-Disposition", "").startswith("attachment")
            assert attached or kind == "text/plain", (row.name, kind)
        name = answer.headers.get("Content-Disposition", "")
        assert re.fullmatch(r"(inline|(inline|attachment); filename=\"[\w.-]+\")?", name), (row.name, name)


def test_kept_files_lie_where_no_address_leads(w):  # noqa: F811
    assert settings.MEDIA_URL in ("", "/")
    kept = next(Path(settings.MEDIA_ROOT, "content").iterdir()).name
    for address in (f"/files/content/{kept}", f"/content/{kept}", f"/static/{kept}", f"/media/{kept}"):
        assert Client().get(address).status_code == 404, address
