"""Starting a process that ends when its starter does, whatever kills the starter."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(sig: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to send this process `sig` when the thread that started it ends."""
    _libc.prctl(PR_SET_PDEATHSIG, int(sig), 0, 0, 0)


def leave_root() -> None:
    """Enter a user namespace where root is nobody: PostgreSQL refuses root, and the files stay root's."""
    if _libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "no user namespace")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} 0 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} 0 1")


def may_leave_root() -> bool:
    """Whether this machine lets root make a user namespace."""
    if (pid := os.fork()) == 0:
        try:
            leave_root()
            os._exit(0)
        except BaseException:  # a forked child must never return into its parent's code
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def start(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    end_signal: signal.Signals = signal.SIGKILL,
    become: Callable[[], None] | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """A child in a session of its own that gets `end_signal` when this process ends.

    `become` runs in the child first (to change user). Call from a thread that outlives the child.
    """
    parent = os.getpid()

    def prepare() -> None:
        if become is not None:
            become()
        die_with_parent(end_signal)  # after `become`: a change of user clears it
        if os.getppid() not in (parent, 0):
            os._exit(1)

    return subprocess.Popen(
        [str(part) for part in command],
        env=dict(env) if env is not None else None,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        preexec_fn=prepare,
        cwd=cwd,
    )


def end_group(pid: int, sig: signal.Signals) -> None:
    """Signal the process group `pid` leads; silent when it is gone."""
    try:
        os.killpg(pid, sig)
    except (ProcessLookupError, PermissionError):
        pass
