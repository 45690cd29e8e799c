"""`toli up`: starts every part, says where to go, starts crashed parts again, ends all it started."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from toli.config import children, fresh, postgres
from toli.config.env import Environment
from toli.config.parts import Command, Database, Part, Watched, end, environment
from toli.kit import secrets as keyring

PR_SET_CHILD_SUBREAPER = 36
SMALLEST_FREE_MB = 300
WARN_FREE_MB = 100
STOP_SECONDS = 4.5
DATABASE_STOP_SECONDS = 2.5
READY_SECONDS = 180.0
NEWER_DATA = 3
"""The status `toli migrate` ends with when the data knows more than the program."""


class CannotStart(Exception):
    """The message says what is in the way and what to do."""


def say(text: str = "") -> None:
    print(text, flush=True)


def check_port(host: str, port: int, what: str, other: int) -> None:
    """Raises CannotStart when somebody listens: the servers' SO_REUSEPORT would hide it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotStart(f"Port {port} needs more rights: choose one above 1023, e.g. make up PORT={other}.")
        except OSError as error:
            raise CannotStart(
                f"Port {port} ({what}) is in use or not on this machine ({error.strerror}). "
                f"Stop the program that uses it, or choose another: make up PORT={other}"
            )


def free_mb(folder: Path) -> int:
    return shutil.disk_usage(folder).free // 2**20


@contextmanager
def lock(home: Path) -> Iterator[None]:
    """Only one launcher runs a home; the lock ends with its process. Raises CannotStart."""
    with open(os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"Toli already runs from {home} (process {file.read().strip() or 'unknown'}). "
                "Use that one, or start another beside it: make up PORT=9000 TOLI_HOME=/some/other/folder"
            )
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield


def prepare_home(env: Environment) -> None:
    """A private folder with a keyring. Raises CannotStart when it cannot be used."""
    home = env.home
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        (home / "log").mkdir(exist_ok=True, mode=0o700)
        room = free_mb(home)
    except OSError as error:
        raise CannotStart(f"{home} cannot be used ({error.strerror}): set TOLI_HOME to a folder of your own.")
    if room < SMALLEST_FREE_MB:
        raise CannotStart(
            f"The disk that holds {home} has {room} MB free; Toli needs {SMALLEST_FREE_MB} MB to start. "
            "Free some space and start again. Nothing was lost."
        )
    if (home / "postgres").exists() and not keyring.keyring_path().exists():
        raise CannotStart(
            f"{home} holds data but {keyring.keyring_path()} is gone: phone numbers could not be read. "
            "Put the keyring back from its copy, or choose another TOLI_HOME."
        )
    keyring.create_keyring()


LOCAL_NUMBER = "10999 99999"


@dataclass
class Launcher:
    """One running Toli. `run` returns the exit status."""

    env: Environment
    started: list[Watched] = field(default_factory=list)
    stop_asked: bool = False
    _warned: bool = False

    @property
    def sms_port(self) -> int:
        return self.env.port + 2

    @property
    def hook(self) -> str:
        """Where the local server posts what people send to us."""
        return f"{self.env.public_url or f'http://127.0.0.1:{self.env.port}'}/hooks/sms/first/"

    @property
    def with_demo(self) -> bool:
        return (
            self.env.demo_size != "none" and not self.env.production and find_spec("toli.cli.demo_command") is not None
        )

    @property
    def own_server(self) -> bool:
        return not self.env.database_url

    def run(self) -> int:
        """Start all, watch until asked to stop, end all. Raises CannotStart or ServerFault."""
        self._listen_to_signals()
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        prepare_home(self.env)
        with lock(self.env.home):
            self._check_ports()
            try:
                self._start_all()
                self._watch()
            finally:
                self._end_all()
        return 0

    def _listen_to_signals(self) -> None:
        def note(number: int, frame: FrameType | None) -> None:
            if self.stop_asked:
                raise KeyboardInterrupt  # a second Ctrl-C does not wait
            self.stop_asked = True

        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, note)

    def _check_ports(self) -> None:
        port = self.env.port
        for offset, what in enumerate(("the pages", "the slogan streams", "the local SMS server")):
            check_port(self.env.host, port + offset, what, port + 1000)

    def _start_all(self) -> None:
        began = time.monotonic()
        if self.own_server:
            self._start(Database(postgres.Server(self.env.home)))
        if not self._is_ready():
            self._migrate()
            self._load_demo()
        for part in self._commands():
            self._start(part)
        self._wait_until_ready()
        self._introduce(time.monotonic() - began)

    def _start(self, part: Part) -> None:
        if self.stop_asked:
            raise KeyboardInterrupt
        part.start()
        self.started.append(Watched(part))

    @property
    def child_env(self) -> dict[str, str]:
        folder = postgres.socket_folder(self.env.home)
        addresses = {
            "DATABASE_URL": self.env.database_url or postgres.url(folder),
            "OWNER_DATABASE_URL": self.env.owner_database_url
            or self.env.database_url
            or postgres.url(folder, user=postgres.OWNER),
        }
        return environment(
            TOLI_HOME=str(self.env.home),
            PORT=str(self.env.port),
            TOLI_SMS_URL=self.env.sms_url or f"http://127.0.0.1:{self.sms_port}/",
            TOLI_OUTSIDE_URL=self._outside,
            **self._local_phone,
            **addresses,
        )

    @property
    def _outside(self) -> str:
        """Where no gateway is named, the local server also stands in for every platform."""
        if self.env.sms_url or self.env.production:
            return self.env.outside_url
        return self.env.outside_url or f"http://127.0.0.1:{self.sms_port}/"

    @property
    def _local_phone(self) -> dict[str, str]:
        """Where no gateway is named, the local server also rings phones and takes SMS to a number that cannot ring."""
        if self.env.sms_url or self.env.production:
            return {}
        voice = self.env.voice_url or f"http://127.0.0.1:{self.sms_port}/call"
        return {"TOLI_VOICE_URL": voice, "TOLI_SMS_NUMBER": self.env.sms_number or LOCAL_NUMBER}

    def _commands(self) -> list[Part]:
        names = [
            ("web", ["web"]),
            ("pulse", ["pulse"]),
            ("worker", ["worker"]),
        ]
        if not self.env.sms_url and not self.env.production and find_spec("toli.cli.sms_server_command"):
            names.append(("sms-server", ["sms-server", "--port", str(self.sms_port), "--hook", self.hook]))
        log = self.env.home / "log"
        return [Command(name, words, self.child_env, log / f"{name}.log") for name, words in names]

    def _once(self, *words: str, listen: bool = False) -> tuple[int, str]:
        """Run one command to its end: its status, and what it said when we `listen`. Gives way to Ctrl-C."""
        with tempfile.TemporaryFile() as output:
            process = children.start(
                [sys.executable, "-m", "toli.cli", *words], env=self.child_env, output=output if listen else None
            )
            try:
                while process.poll() is None and not self.stop_asked:
                    time.sleep(0.05)
            finally:
                children.end_group(process.pid, signal.SIGKILL)
                process.wait()
            if self.stop_asked:
                raise KeyboardInterrupt
            output.seek(0)
            return process.returncode, output.read().decode(errors="replace")

    def _is_ready(self) -> bool:
        """Whether our own data is as this code left it: two starts of Django saved. Another's we always look at."""
        return self.own_server and fresh.is_ready(self.child_env["OWNER_DATABASE_URL"], filled=self.with_demo)

    def _migrate(self) -> None:
        status, _said = self._once("migrate")
        if status == NEWER_DATA:
            raise CannotStart("")  # the command has said why
        if status:
            raise CannotStart(f"The database could not be brought to this version. See above; {self._disk()}")

    def _load_demo(self) -> None:
        if not self.with_demo:
            return
        status, _said = self._once("demo", "--first", "--size", self.env.demo_size)
        if status:
            raise CannotStart(f"The demo campaign could not be loaded. See above; {self._disk()}")

    def _disk(self) -> str:
        return f"{free_mb(self.env.home)} MB are free where {self.env.home} lies."

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not answers(self.address + "login/"):
            self._look_after()
            if self.stop_asked:
                raise KeyboardInterrupt
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"The pages did not answer in {READY_SECONDS:.0f} s; see {self.env.home}/log/web.log."
                )
            time.sleep(0.1)

    @property
    def address(self) -> str:
        host = "localhost" if self.env.host in ("127.0.0.1", "0.0.0.0", "::") else self.env.host
        return f"http://{host}:{self.env.port}/"

    def _introduce(self, seconds: float) -> None:
        say(f"\nToli is ready at {self.address} ({seconds:.1f} s)")
        if self.with_demo:
            status, people = self._once("demo", "--people", "--address", self.address, listen=True)
            say(people.rstrip() if not status else f"The list of demo people could not be made:\n{people[-2000:]}")
        say(f"\nLogs: {self.env.home / 'log'}   Stop: Ctrl-C\n")

    def _watch(self) -> None:
        looked = time.monotonic()
        while not self.stop_asked:
            self._look_after()
            if time.monotonic() - looked > 30:
                looked = time.monotonic()
                self._look_at_disk()
            time.sleep(0.2)

    def _look_after(self) -> None:
        """Start again what fell, each after its pause; a database that fell comes before the rest."""
        reap_strangers({watched.part.pid for watched in self.started})
        now = time.monotonic()
        for watched in self.started:
            reason = watched.part.crashed()
            if reason is None:
                continue
            if watched.start_again_at is None:
                pause = watched.fell(now)
                wait = f" in {pause:.0f} s" if pause else ""
                say(f"{watched.part.name} stopped ({reason}); starting it again{wait}. {self._where(watched.part)}")
            if watched.start_again_at is not None and now >= watched.start_again_at:
                watched.start_again_at = None
                watched.part.start()

    def _where(self, part: Part) -> str:
        log = self.env.home / "log" / ("postgres.log" if part.name == "database" else f"{part.name}.log")
        return f"Its words are in {log}"

    def _look_at_disk(self) -> None:
        room = free_mb(self.env.home)
        if room < WARN_FREE_MB and not self._warned:
            say(
                f"The disk is nearly full: {room} MB free where {self.env.home} lies. "
                "Free some space now; nothing is lost yet."
            )
        self._warned = room < WARN_FREE_MB

    def _end_all(self) -> None:
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, signal.SIG_IGN)
        serving = [w.part for w in self.started if not isinstance(w.part, Database)]
        stores: list[Part] = [w.part for w in self.started if isinstance(w.part, Database)]
        stubborn = end(serving, STOP_SECONDS) + end(stores, DATABASE_STOP_SECONDS)
        reap_strangers(set())
        if self.started:
            say("Stopped." + (f" {', '.join(stubborn)} had to be ended by force." if stubborn else ""))


def answers(address: str) -> bool:
    """Whether a server answers at all; any status will do."""
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def reap_strangers(ours: set[int]) -> None:
    """Take leave of orphans the kernel gave us, without touching the children that are waited for by name."""
    for task in Path("/proc/self/task").iterdir():
        for word in (task / "children").read_text().split():
            if int(word) not in ours:
                with_no_hang(int(word))


def with_no_hang(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass


def launch(env: Environment, ending: Callable[[str], None] = lambda text: print(text, file=sys.stderr)) -> int:
    """Run until stopped. A reason not to start is one sentence and status 1."""
    try:
        return Launcher(env).run()
    except (CannotStart, postgres.ServerFault) as fault:
        if str(fault):
            ending(str(fault))
        return 1
    except KeyboardInterrupt:
        return 0
