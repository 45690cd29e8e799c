"""PDFs that come in: nothing in them may run, and what they tell of their maker is blanked. Pure.

A PDF is kept byte for byte but for that: each thing blanked is as long as before, so no address in the file moves.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

LARGEST = 10 * 1024 * 1024
MOST_UNFOLDED = 100 * 1024 * 1024
"""Bytes all packed parts of one file may unfold to."""

# Every act that runs, opens or sends is named by one of these; long enough not to stand in a picture by chance.
ACTS = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|RichMedia|SubmitForm|ImportData|Rendition|GoToE)\b")
SHORT = re.compile(rb"/(XFA|Encrypt|JS|AA)(?![A-Za-z0-9])")
_STREAM = re.compile(rb"(<<(?:(?!endobj).){0,4000}?>>)\s*stream\r?\n", re.S)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_INFO = re.compile(rb"/Info\s+(\d+)\s+(\d+)\s+R")
_XMP = re.compile(rb"/Metadata\s+\d+\s+\d+\s+R")
_TEXT = re.compile(rb"\((?:\\.|[^()\\])*\)|<[0-9A-Fa-f\s]*>", re.S)


class NoPaper(Exception):
    """Not a PDF, or only half of one."""


class ActivePaper(Exception):
    """Something in it could run, open, send or hide behind a password."""


def clean(body: bytes) -> bytes:
    """The PDF without what it tells of its maker. Raises NoPaper or ActivePaper."""
    if not body.startswith(b"%PDF-") or not body.rstrip().endswith(b"%%EOF") or b"xref" not in body.lower():
        raise NoPaper()
    if zipfile.is_zipfile(io.BytesIO(body)):  # two kinds of file in one: who opens it sees another thing
        raise ActivePaper()
    _refuse_acts(body)
    return _blanked(body)


def _refuse_acts(body: bytes) -> None:
    plain, room = bytearray(), MOST_UNFOLDED
    end = 0
    for head, start, stop in _streams(body):
        plain += body[end:start]
        end = stop
        unfolded = _unfolded(head, body[start:stop], room)
        room -= len(unfolded)
        if ACTS.search(_named(unfolded)):
            raise ActivePaper()
        if b"ObjStm" in _named(head):
            plain += unfolded
    plain += body[end:]
    if SHORT.search(_named(bytes(plain))) or ACTS.search(_named(body)):
        raise ActivePaper()


def _streams(body: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(dictionary, first byte, byte after the last) of each packed part."""
    at = 0
    while found := _STREAM.search(body, at):
        stop = body.find(b"endstream", found.end())
        if stop < 0:
            raise NoPaper()
        yield found[1], found.end(), stop
        at = stop


def _unfolded(head: bytes, data: bytes, room: int) -> bytes:
    """The plain bytes of a packed part; of a kind we do not read, the bytes as they are. Raises ActivePaper."""
    head = _named(head)
    holds_objects = b"ObjStm" in head
    if b"/FlateDecode" not in head and not re.search(rb"/Fl\b", head):
        if holds_objects and b"/Filter" in head:
            raise ActivePaper()
        return data
    if holds_objects and (b"/Predictor" in head or head.count(b"Decode") - head.count(b"DecodeParms") > 1):
        raise ActivePaper()
    opener = zlib.decompressobj()
    try:
        found = opener.decompress(data, room)
    except zlib.error:
        if holds_objects:
            raise NoPaper() from None
        return data
    if opener.unconsumed_tail:
        raise ActivePaper()
    return found


def _named(data: bytes) -> bytes:
    """Names as a reader understands them: /J#61vaScript is /JavaScript."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def _blanked(body: bytes) -> bytes:
    found = bytearray(body)
    for info in _INFO.finditer(body):
        number = rb"(?<!\d)%s\s+%s\s+obj\b(.*?)endobj" % (info[1], info[2])
        for thing in re.finditer(number, body, re.S):
            for text in _TEXT.finditer(thing[1]):
                start = thing.start(1) + text.start()
                found[start + 1 : thing.start(1) + text.end() - 1] = b" " * (len(text[0]) - 2)
        found[info.start() : info.end()] = b" " * len(info[0])
    for told in _XMP.finditer(body):
        found[told.start() : told.end()] = b" " * len(told[0])
    for head, start, stop in _streams(body):
        if re.search(rb"/Type\s*/Metadata\b", head):
            found[start:stop] = b" " * (stop - start)
    return bytes(found)
