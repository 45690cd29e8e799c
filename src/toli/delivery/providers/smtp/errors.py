"""What a mail server's answers mean: 4yz is "later", 5yz is "never" (RFC 5321, section 4.2.1)."""

from __future__ import annotations

import smtplib

from toli.delivery.providers import SendFault

GREETING = 421


def fault(error: Exception) -> SendFault:
    """Our word for what smtplib says. What broke before the text was handed over was surely not taken."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return SendFault("not_authorised")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
        return SendFault("bad_address", final=True) if code >= 500 else SendFault("provider_fault")
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        code = int(error.smtp_code)
        if code in (450, 451, 452, GREETING):
            return SendFault("too_fast", retry_after=60.0)
        return SendFault("refused", final=code >= 500)
    if isinstance(error, TimeoutError):
        return SendFault("timeout", unsure=True)
    if isinstance(error, ConnectionRefusedError | smtplib.SMTPConnectError):
        return SendFault("unreachable")
    return SendFault("unreachable", unsure=True)
