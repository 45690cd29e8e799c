"""A mail server. A mail that may have been taken is not sent again: nobody can ask it."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field

from toli.delivery.providers import Outgoing, Taken
from toli.delivery.providers.http import is_this_machine
from toli.delivery.providers.smtp import errors, payload


@dataclass(frozen=True, slots=True)
class Smtp:
    """One server: `smtp://` with STARTTLS where it is offered, or `smtps://`."""

    name: str
    host: str
    port: int
    sender: str
    user: str = ""
    token: str = field(default="", repr=False)
    tls: bool = True
    stop_url: str = ""
    repeatable: bool = False

    @property
    def is_local(self) -> bool:
        return is_this_machine(f"http://{self.host}")

    def send(self, out: Outgoing, *, timeout: float) -> Taken:
        """Hand one mail over. Raises SendFault."""
        mail = payload.mail(out, sender=self.sender, stop_url=self.stop_url)
        try:
            with smtplib.SMTP(self.host, self.port, timeout=timeout) as server:
                if self.tls and not self.is_local:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.token)
                server.send_message(mail)
        except (smtplib.SMTPException, OSError) as error:
            raise errors.fault(error) from None
        return Taken(str(mail["Message-ID"]))
