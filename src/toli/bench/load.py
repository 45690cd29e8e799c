"""What the web benches share: the compiled generator, an empty responder, a busy neighbour, processor time."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

GENERATOR = "wrk"
HOW_TO_INSTALL = {
    "wrk": "apt-get install wrk (the load generator)",
    "nginx": "apt-get install nginx-light (the peer)",
}
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"


def missing(*programs: str) -> list[str]:
    """One sentence for each program that is not here."""
    return [f"{name} is missing: {HOW_TO_INSTALL[name]}" for name in programs if find(name) is None]


def find(program: str) -> str | None:
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, seconds: float = 20.0) -> None:
    """Raises TimeoutError when nobody listens in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on port {port}")


@dataclass(frozen=True, slots=True)
class Slice:
    """One second of load: answers a second, the server's and the generator's processor seconds for each."""

    rate: float
    server_cpu: float
    generator_cpu: float


@dataclass(frozen=True, slots=True)
class Target:
    """A server under load: its process, its port, what is asked."""

    name: str
    pid: int
    port: int
    path: str
    headers: tuple[str, ...] = ()
    script: Path | None = None
    paths: tuple[str, ...] = ()
    """With a script: its arguments."""

    def slice(self, *, seconds: int = 1, connections: int = 64, cpu: int | None = None) -> Slice:
        """Load it for a while. Raises RuntimeError when it answered with an error."""
        server, generator = _cpu(self.pid), _cpu_of_children()
        command = [find(GENERATOR) or GENERATOR, "-t1", f"-c{connections}", f"-d{seconds}"]
        command += [part for header in self.headers for part in ("-H", header)]
        pin = None if cpu is None else lambda: os.sched_setaffinity(0, {cpu})
        url = f"http://127.0.0.1:{self.port}{self.path}"
        script = ["-s", str(self.script)] if self.script else []
        asked = ["--", *self.paths] if self.script else []
        said = subprocess.run(
            [*command, *script, url, *asked], capture_output=True, text=True, check=True, preexec_fn=pin
        ).stdout
        requests, rate = _read(said, self.name)
        return Slice(rate, (_cpu(self.pid) - server) / requests, (_cpu_of_children() - generator) / requests)


def _read(said: str, name: str) -> tuple[int, float]:
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{name} answered with errors:\n{said}")
    requests = re.search(r"(\d+) requests in", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if requests is None or rate is None:
        raise RuntimeError(f"{GENERATOR} said nothing that can be read:\n{said}")
    return int(requests[1]), float(rate[1])


def _cpu(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass(slots=True)
class Neighbour:
    """A process that only burns time on the server's core, half of which is left to the server.

    Ours and the peer meet it alike; without it one generator is too slow for either, and the ratio says nothing.
    """

    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, cpu: int) -> Neighbour:
        process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        os.sched_setaffinity(process.pid, {cpu})
        process.send_signal(signal.SIGSTOP)
        return cls(process)

    def wake(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def sleep(self) -> None:
        self.process.send_signal(signal.SIGSTOP)


def run_empty_responder(port: int) -> None:
    """Answers every chunk of bytes with the same 27: what the generator can do at most."""
    import uvloop

    uvloop.run(_answer_nothing(port))


async def _answer_nothing(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Empty, "127.0.0.1", port)
    await server.serve_forever()


class _Empty(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.write = transport.write  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.write(EMPTY)


def start_empty_responder(port: int, cpu: int | None) -> subprocess.Popen[bytes]:
    code = f"from toli.bench.load import run_empty_responder as run; run({port})"
    process = subprocess.Popen([sys.executable, "-c", code])
    pin(process.pid, cpu)
    wait_for_port(port)
    return process


def start_nginx(template: Path, home: Path, port: int, cpu: int | None) -> subprocess.Popen[bytes]:
    """nginx with the committed configuration, one process, files below `home`/www."""
    (home / "www").mkdir(parents=True, exist_ok=True)
    config = home / "nginx.conf"
    config.write_text(template.read_text().format(home=home, port=port))
    process = subprocess.Popen([find("nginx") or "nginx", "-c", str(config), "-p", str(home)])
    pin(process.pid, cpu)
    wait_for_port(port)
    return process


def pin(pid: int, cpu: int | None) -> None:
    if cpu is not None:
        os.sched_setaffinity(pid, {cpu})


def two_cpus() -> tuple[int | None, int | None]:
    """A core for the server and one for the generator; (None, None) where there is only one."""
    found = sorted(os.sched_getaffinity(0))
    return (found[0], found[1]) if len(found) > 1 else (None, None)


def median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def end(*processes: subprocess.Popen[bytes]) -> None:
    """End processes we started, by their own handles."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
    for process in processes:
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
