"""Files for the library, good and bad, made here."""

from __future__ import annotations

import io
import zlib

from PIL import Image


def jpeg(size=(1600, 900), colour="teal", **more) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "SecretCamera"
    Image.new("RGB", size, colour).save(out, "JPEG", exif=exif, **more)
    return out.getvalue()


def pdf(*, extra: bytes = b"", tail: bytes = b"", stream: bytes = b"") -> bytes:
    """A small true PDF; `extra` goes into the catalog, `stream` becomes an object stream, packed."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R" + extra + b">>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        b"<</Author(Secret Name)/Producer(SecretTool)/Title<53656372657421>>>",
    ]  # fmt: skip
    if stream:
        packed = zlib.compress(stream)
        head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>" % len(packed)
        parts.append(head + b"stream\n" + packed + b"\nendstream")
    out, at = io.BytesIO(), []
    out.write(b"%PDF-1.5\n")
    for number, part in enumerate(parts, start=1):
        at.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1))
    for offset in at:
        out.write(b"%010d 00000 n \n" % offset)
    out.write(b"trailer\n<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start))
    return out.getvalue() + tail


VIDEO_HEAD = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 200
