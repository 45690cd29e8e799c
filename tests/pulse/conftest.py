"""The real process, started for a test and ended with it."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest
from django.db import connection
from django.utils import timezone
from tests.launcher.running import within

from toli.broadcasts import queries
from toli.broadcasts.pulse import address

# A connection for each request, as from many phones; one client, because each would read all certificates anew.
HTTP = httpx.Client(verify=False, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
BODY = b'{"next_in":4,"items":[]}' + b" " * 400


def free_port() -> int:
    """Below the range from which the system takes ports for clients: one of those could sit on it meanwhile."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def database_url() -> str:
    known = connection.settings_dict
    return f"postgresql://{known['USER']}@/{known['NAME']}?host={known['HOST']}"


class Pulse:
    """A running pulse and what a test asks of it."""

    def __init__(self, database: str) -> None:
        self.port = free_port()
        self.key = queries.pulse_key()
        self._options = ["--port", str(self.port), "--database", database]
        self.start()

    def start(self) -> None:
        environment = {**os.environ, "TOLI_PULSE_KEY": self.key.hex()}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "toli.broadcasts.pulse.server", *self._options],
            env=environment,
            stderr=subprocess.PIPE,
        )
        self.wait(lambda: self.get("/health").status_code in (200, 503))

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(15)
        self.process.stderr.close()
        return status

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait(self, done, seconds: float = 10) -> None:
        ends = time.monotonic() + within(seconds)
        while time.monotonic() < ends:
            try:
                if done():
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.02)
        raise AssertionError("it did not happen in time")

    def path(self, stream: str = "1.workers.hi", now: float | None = None) -> str:
        return address.stream_path(self.key, stream=stream, now=time.time() if now is None else now)

    def tell_path(self, stream="1.workers.hi", unit_id=1, reader="r", expires=None) -> str:
        expires = expires or int(time.time()) + 600
        return address.receipt_path(self.key, stream=stream, unit_id=unit_id, reader=reader, expires=expires)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return HTTP.get(self.origin + path, headers=headers, timeout=5)

    def wait_for(self, status: int, path: str) -> httpx.Response:
        self.wait(lambda: self.get(path).status_code == status)
        return self.get(path)

    def speak(self, data: bytes, *, seconds: float = 5.0) -> bytes:
        """Everything the process answers to these raw bytes until it falls silent or closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as line:
            line.sendall(data)
            line.settimeout(0.5)
            found = b""
            try:
                while part := line.recv(65536):
                    found += part
            except TimeoutError:
                pass
            return found


def put(stream="1.workers.hi", body=BODY, version=1, seconds=600.0, etag="abc") -> None:
    """Store a document and wake the pulse, as the builder does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO broadcasts_document (stream, version, body, etag, valid_until) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (stream) DO UPDATE SET version = excluded.version, body = excluded.body,"
            " etag = excluded.etag, valid_until = excluded.valid_until",
            [stream, version, body, etag, timezone.now() + timedelta(seconds=seconds)],
        )
        cursor.execute("SELECT pg_notify('toli_pulse', '')")


@contextmanager
def running(database: str):
    found = Pulse(database)
    try:
        yield found
    finally:
        found.stop(signal.SIGKILL if found.process.poll() is None else signal.SIGTERM)


@pytest.fixture
def pulse(transactional_db):
    with running(database_url()) as found:
        yield found
