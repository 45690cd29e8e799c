"""A mail server on this machine: takes mail, keeps it, refuses on demand."""

from __future__ import annotations

import base64
import email
import threading
from email.message import EmailMessage
from email.policy import default
from socketserver import StreamRequestHandler, ThreadingTCPServer

from toli.delivery.providers.serving import LOCAL_TOKEN

MODES = {
    "450": "450 4.2.1 busy",
    "550": "550 5.1.1 no such user",
    "552": "552 5.3.4 too big",
    "421": "421 4.7.0 slow down",
}


class Talk(StreamRequestHandler):
    """One connection."""

    server: SmtpServer
    timeout = 10

    def handle(self) -> None:
        self._say("220 local ESMTP")
        while line := self.rfile.readline(1000).decode("utf-8", "replace").strip():
            word = line.split(" ", 1)[0].upper()
            if word == "QUIT":
                self._say("221 bye")
                return
            if not self._answer(word, line):
                return

    def _answer(self, word: str, line: str) -> bool:
        if word == "EHLO":
            self._say("250-local\r\n250-AUTH PLAIN\r\n250 SMTPUTF8")
        elif word == "AUTH":
            given = base64.b64decode(line.split()[-1]).split(b"\0")[-1].decode()
            self._say("235 fine" if given == self.server.token else "535 5.7.8 no")
        elif word == "RCPT" and (fault := self.server.next_fault()):
            if fault == "cut":
                return False
            self._say(MODES[fault])
        elif word == "DATA":
            return self._take()
        else:
            self._say("250 fine" if word in ("HELO", "MAIL", "RCPT", "RSET", "NOOP") else "502 what?")
        return True

    def _take(self) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        made = email.message_from_bytes(b"".join(lines), policy=default)
        with self.server.lock:
            self.server.mails.append(made)
        if self.server.cut_after:
            return False
        self._say("250 2.0.0 taken")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class SmtpServer(ThreadingTCPServer):
    """Mail on one port of this machine; `faults` for the next recipients, `cut_after` drops the line once it took."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0, *, token: str = LOCAL_TOKEN) -> None:
        self.mails: list[EmailMessage] = []
        self.faults: list[str] = []
        self.cut_after = False
        self.token = token
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", port), Talk)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def next_fault(self) -> str:
        with self.lock:
            return self.faults.pop(0) if self.faults else ""

    def start(self) -> SmtpServer:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
