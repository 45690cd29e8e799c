"""Signed requests to a bucket that speaks S3 (AWS Signature Version 4, one chunk, addressed by path). Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

EMPTY = hashlib.sha256(b"").hexdigest()
_NAMESPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"


@dataclass(frozen=True, slots=True)
class Account:
    """`url` is the bucket's address, for example https://s3.ap-south-1.amazonaws.com/campaign-files."""

    url: str
    region: str
    key: str
    secret: str = field(repr=False)


class Request(NamedTuple):
    url: str
    headers: dict[str, str]


def request(
    account: Account, method: str, key: str, *, query: Mapping[str, str], digest: str, headers: Mapping[str, str],
    at: datetime,
) -> Request:  # fmt: skip
    """The address and the headers of one request; `digest` is the SHA-256 of its body in hex."""
    parts = urlsplit(account.url.rstrip("/"))
    path = quote(f"{parts.path}/{key}".rstrip("/") or "/", safe="/-_.~")
    asked = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(query.items()))
    stamp = at.strftime("%Y%m%dT%H%M%SZ")
    # The body's length is left unsigned: it travels as the transport wants it.
    signed = {"host": parts.netloc, "x-amz-content-sha256": digest, "x-amz-date": stamp}
    signed |= {name: value for name, value in headers.items() if name != "content-length"}
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name].strip()}\n" for name in sorted(signed))
    whole = "\n".join([method, path, asked, lines, names, digest])
    scope = f"{stamp[:8]}/{account.region}/s3/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(whole.encode()).hexdigest()])
    signature = _mac(_signing_key(account, stamp[:8]), to_sign).hex()
    said = f"AWS4-HMAC-SHA256 Credential={account.key}/{scope}, SignedHeaders={names}, Signature={signature}"
    address = f"{parts.scheme}://{parts.netloc}{path}" + (f"?{asked}" if asked else "")
    return Request(address, {**signed, **headers, "authorization": said})


def _signing_key(account: Account, day: str) -> bytes:
    found = f"AWS4{account.secret}".encode()
    for part in (day, account.region, "s3", "aws4_request"):
        found = _mac(found, part)
    return found


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def listed(answer: bytes) -> tuple[list[tuple[str, datetime]], str | None]:
    """Keys with the time they were written, and the token of the next page, from ListObjectsV2."""
    root = ElementTree.fromstring(answer)  # noqa: S314 - our own bucket's answer over a signed request
    rows = []
    for one in root.iter(f"{_NAMESPACE}Contents"):
        written = (one.findtext(f"{_NAMESPACE}LastModified") or "").replace("Z", "+00:00")
        rows.append((one.findtext(f"{_NAMESPACE}Key") or "", datetime.fromisoformat(written)))
    return rows, root.findtext(f"{_NAMESPACE}NextContinuationToken") or None
