"""Reports of mail that did not arrive (RFC 3464), posted to us by the mail server with our signature."""

from __future__ import annotations

import email
import re
from collections.abc import Mapping
from email.message import Message
from email.policy import default
from typing import Any

from toli.delivery.providers import Gone, NoReceipt, Posted, Receipted
from toli.delivery.providers.sms.receipts import is_genuine

__all__ = ["is_genuine", "read", "said_in"]
OURS = re.compile(r"<(m-[0-9a-f-]{36})@")
FIELDS = re.compile(r"^(Action|Status|Final-Recipient):\s*(.+?)\s*$", re.M | re.I)
NO_SUCH_ADDRESS = ("5.1.1", "5.1.2", "5.1.10", "5.2.1")


def said_in(body: bytes) -> dict[str, Any]:
    """The parts of a report we read. Raises NoReceipt for another mail."""
    report = email.message_from_bytes(body, policy=default)
    if report.get_content_type() != "multipart/report":
        raise NoReceipt
    text = "\n".join(_texts(report))
    ours = OURS.search(text)
    if ours is None:
        raise NoReceipt
    return {"ref": ours[1], **{name.casefold(): value for name, value in FIELDS.findall(text)}}


def _texts(report: Message) -> list[str]:
    return [part.as_string() for part in report.walk() if part.get_content_maintype() in ("message", "text")]


def read(said: Mapping[str, Any]) -> list[Posted]:
    """A mail that failed, and an address that does not exist. Raises NoReceipt."""
    status = str(said.get("status", ""))
    if str(said.get("action", "")).casefold() == "delayed":
        return []
    if not status.startswith("5."):
        raise NoReceipt
    found: list[Posted] = [Receipted(str(said["ref"]), "failed")]
    if status in NO_SUCH_ADDRESS:
        found.append(Gone(str(said.get("final-recipient", "")).rpartition(";")[2].strip().casefold()))
    return found
