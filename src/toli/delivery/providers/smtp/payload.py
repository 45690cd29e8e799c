"""A mail as it goes out: its Message-ID is ours, so a report says which one it was (RFC 5322, 8058)."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

from toli.delivery.providers import Outgoing, SendFault


def mail(out: Outgoing, *, sender: str, stop_url: str = "") -> EmailMessage:
    """The mail. Raises SendFault for an address or title with a line break in it."""
    made = EmailMessage(policy=SMTP)
    try:
        made["From"], made["To"] = sender, out.to
        made["Subject"] = out.title or out.text.splitlines()[0][:78]
    except (ValueError, IndexError):
        raise SendFault("bad_address", final=True) from None
    made["Message-ID"] = f"<{out.client_ref}@{domain(sender)}>"
    made["Auto-Submitted"] = "auto-generated"
    if stop_url:
        made["List-Unsubscribe"] = f"<{stop_url}>"
    made.set_content(f"{out.text}\n{out.link}\n" if out.link and out.link not in out.text else f"{out.text}\n")
    return made


def domain(sender: str) -> str:
    """What stands after the @ of the sender."""
    return sender.rstrip(">").rpartition("@")[2]
