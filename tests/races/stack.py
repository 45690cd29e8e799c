"""Web, worker, pulse and database as real processes of one home, each started again at once when it falls."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg

from tests.config.conftest import environment
from tests.launcher.running import three_free_ports, wait_for
from toli.config import postgres
from toli.config.parts import Command
from toli.config.postgres import Server, ServerBusy

HTTP = httpx.Client(verify=False, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))


class Stack:
    """What an init system does: `Restart=always`, without the launcher's growing pauses."""

    def __init__(self, home: Path, *names: str, pythonpath: str = "", **env: str) -> None:
        self.home = home
        self.port = three_free_ports()
        self.server = Server(home, safe=True)
        self.server.start()
        own = environment(home, PORT=str(self.port), DATABASE_URL=self.address(postgres.APP), **env)
        if pythonpath:
            own["PYTHONPATH"] = pythonpath
        self._env = own
        self.parts = {name: Command(name, [name], own, home / "log" / f"{name}.log") for name in names}
        self.falls: dict[str, int] = dict.fromkeys(names, 0)
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def address(self, user: str = postgres.OWNER) -> str:
        return postgres.url(postgres.socket_folder(self.home), user=user)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ready(self) -> Stack:
        wait_for(lambda: all(map(self.is_well, self.parts)))
        return self

    def add(self, name: str, words: list[str], pythonpath: str) -> None:
        """One more part, of another release perhaps."""
        env = {**self._env, "PYTHONPATH": pythonpath}
        self.parts[name] = Command(name, words, env, self.home / "log" / f"{name}.log")

    def take_away(self, name: str) -> None:
        """End one part for good, as an operator does."""
        part = self.parts.pop(name)
        part.ask_to_stop()
        wait_for(part.is_stopped)
        part.force()

    def is_well(self, name: str) -> bool:
        """True when the part does its work with the database now."""
        try:
            if name == "web":
                return HTTP.get(f"{self.origin}/join/youth/", timeout=5).status_code == 200
            if name == "pulse":
                return HTTP.get(f"http://127.0.0.1:{self.port + 1}/health", timeout=5).status_code == 200
            return self.seals()
        except (httpx.HTTPError, psycopg.Error):
            return False

    def seals(self) -> bool:
        """True when no record of more than two seconds ago waits for its place in the chain."""
        waiting = self.ask(
            "SELECT count(*) FROM audit_record r WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.record_id = r.id)"
        )
        return waiting == 0

    def ask(self, query: str, *values: Any) -> Any:
        with psycopg.connect(self.address(), autocommit=True, connect_timeout=5) as connection:
            row = connection.execute(query, values).fetchone()  # type: ignore[arg-type]
            return row[0] if row else None

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.address(), autocommit=True, connect_timeout=5) as connection:
            return connection.execute(query, values).fetchall()  # type: ignore[arg-type]

    def ask_nothing(self, statement: str) -> None:
        with psycopg.connect(self.address(), autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def kill(self, name: str) -> None:
        """SIGKILL to the part's leader; what it leaves of its group is ended when it is started again."""
        part = self.parts[name]
        with suppress(ProcessLookupError):
            os.kill(part.pid, signal.SIGKILL)

    def restart_database(self, sig: signal.Signals) -> None:
        with self._lock:
            process = self.server.process
            assert process is not None
            process.send_signal(sig)
            process.wait(30)
        while True:
            try:
                return self.server.start()
            except ServerBusy:
                time.sleep(0.1)

    def _watch(self) -> None:
        """One thread starts every child: a child ends with the thread that started it."""
        while not self._ended.wait(0.1):
            for name, part in list(self.parts.items()):
                if part.process is None or part.crashed():
                    self.falls[name] = self.falls.get(name, 0) + (part.process is not None)
                    part.start()
        for part in self.parts.values():
            part.ask_to_stop()
        deadline = time.monotonic() + 8
        while time.monotonic() < deadline and not all(part.is_stopped() for part in self.parts.values()):
            time.sleep(0.05)
        for part in self.parts.values():
            part.force()

    def end(self) -> None:
        self._ended.set()
        self._watcher.join()
        self.server.stop()

    def words(self, name: str) -> str:
        return (self.home / "log" / f"{name}.log").read_text(errors="replace")
