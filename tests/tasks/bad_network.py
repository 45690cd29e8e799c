"""A network that fails as told, and a phone whose browser can die at any moment."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-port=0",
    "--window-size=360,740",
]  # fmt: skip
WALL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 29\r\nConnection: close\r\n\r\n"
    b"<title>Airport</title>Log in!"
)


class BadNetwork:
    """Stands before the server. Each hand-in that passes meets the next fate of `fates`; without one it goes through.

    refuse: nobody answers · half: it breaks in the middle of the upload · lost: the server did it, the answer is lost
    · busy: 503 · wall: somebody else's page · kill: the browser dies in the middle of the upload.
    """

    def __init__(self, upstream: tuple[str, int]) -> None:
        self.upstream = upstream
        self.fates: deque[str] = deque()
        self.met: list[str] = []
        self.kill: Callable[[], None] = lambda: None
        self.down = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def close(self) -> None:
        self.listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._quietly, args=(client,), daemon=True).start()

    def _quietly(self, client: socket.socket) -> None:
        with client:
            try:
                client.settimeout(30)
                self._pass(client)
            except OSError:
                pass

    def _pass(self, client: socket.socket) -> None:
        head, rest = _head(client)
        if not head or self.down:
            return
        lines = head.decode("latin-1").split("\r\n")
        is_hand_in = lines[0].startswith("POST ") and "/send/" in lines[0]
        fate = self.fates.popleft() if is_hand_in and self.fates else ""
        if fate:
            self.met.append(fate)
        if fate == "refuse":
            return
        length = next((int(line[15:]) for line in lines if line.lower().startswith("content-length:")), 0)
        wanted = length // 2 if fate in ("half", "kill") else length
        body = rest + _read(client, wanted - len(rest))
        if fate == "half":
            return
        if fate == "kill":
            self.kill()
            return
        if fate == "busy":
            client.sendall(b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        if fate == "wall":
            client.sendall(WALL)
            return
        kept = [line for line in lines if line and not line.lower().startswith(("connection:", "keep-alive:"))]
        answer = self._ask("\r\n".join([*kept, "Connection: close", "", ""]).encode("latin-1") + body)
        if fate != "lost":
            client.sendall(answer)

    def _ask(self, request: bytes) -> bytes:
        with socket.create_connection(self.upstream) as server:
            server.sendall(request)
            parts = []
            while part := server.recv(65536):
                parts.append(part)
        return b"".join(parts)


def _head(client: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        part = client.recv(65536)
        if not part:
            return b"", b""
        data += part
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


def _read(client: socket.socket, length: int) -> bytes:
    parts = []
    while length > 0:
        part = client.recv(min(length, 65536))
        if not part:
            raise ConnectionResetError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


class Phone:
    """Chromium on a profile that outlives it."""

    def __init__(self, play, path: str, profile: Path) -> None:
        self.play, self.path, self.profile = play, path, profile
        self.process: subprocess.Popen[bytes] | None = None

    def open(self, url: str, cookies: dict[str, str]):
        """Start it, signed in, and give its one page."""
        port_file = self.profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        (self.profile / "SingletonLock").unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [self.path, *FLAGS, f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not (port_file.exists() and len(port_file.read_text().split()) > 1):
            if time.monotonic() > deadline:
                raise AssertionError("chromium did not start")
            time.sleep(0.02)
        self.browser = self.play.chromium.connect_over_cdp(f"http://127.0.0.1:{port_file.read_text().split()[0]}")
        context = self.browser.contexts[0]
        context.set_default_timeout(20_000)
        context.add_cookies(
            [{"name": k, "value": v, "url": url, "expires": time.time() + 86400} for k, v in cookies.items()]
        )
        return context.pages[0] if context.pages else context.new_page()

    def has_died(self) -> None:
        """Wait for the end of a browser that is being killed; one that lives on is another fault."""
        assert self.process is not None
        self.process.wait(10)

    def kill(self) -> None:
        """SIGKILL to the browser and all its processes."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
