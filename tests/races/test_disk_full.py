"""A disk that fills up while people work: reading goes on, writing is refused with a sentence, all comes back."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from pathlib import Path

import httpx
import pytest

from tests.launcher.running import wait_for
from tests.races.applicants import Phone, hand_in, join, picture
from tests.races.stack import Stack
from tests.races.test_falls import chain_is_whole

SIZE_MB = 420


@pytest.fixture
def small_disk(folder):
    """A file system of its own."""
    place = folder / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=0711", "tmpfs", str(place)],
        capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("a small disk cannot be mounted here (needs root)")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


def fill(place: Path, *, leave_mb: int) -> Path:
    ballast = place / "ballast"
    with ballast.open("ab") as file:
        while (free := shutil.disk_usage(place).free - leave_mb * 2**20) > 0:
            file.write(b"\0" * min(free, 2**20))
            file.flush()
    return ballast


def test_a_full_disk_stops_writing_and_nothing_else(small_disk, seed, made):
    home = small_disk / "home"
    shutil.copytree(seed[0], home)
    home.chmod(0o700)
    running = Stack(home, "web", "worker").ready()
    try:
        stop = threading.Event()
        joiner, worker = made["joiners"][0], made["workers"][0]
        phone, hands = (Phone(running.origin, one["cookie"], stop) for one in (joiner, worker))
        ballast = fill(small_disk, leave_mb=40)
        before = files_in(home)

        says = []

        def refused():
            answer = hands.send("POST", f"/me/tasks/{worker['share']}/hand-in/", data={}, files=photo(0))
            says[:] = [answer.text] if answer is not None and answer.status_code == 503 else []
            return says

        wait_for(refused)
        assert "There is no room left to save anything" in says[0]
        assert opened(hands, "/me/tasks/").status_code == 200
        assert opened(phone, "/join/youth/").status_code == 200
        assert files_in(home) == before, "no upload is kept by half"
        assert running.ask("SELECT count(*) FROM tasks_handin") == 0
        wait_for(lambda: "the disk is full" in running.words("worker"))

        ballast.unlink()
        ref = hand_in(hands, worker["share"], picture(0))
        assert running.ask("SELECT ref::text FROM tasks_handin") == ref
        assert join(phone, joiner["draft"])
        chain_is_whole(running)

        fill(small_disk, leave_mb=0)
        other = Phone(running.origin, made["workers"][1]["cookie"], stop)
        pressed = [other.send("POST", f"/me/tasks/{made['workers'][1]['share']}/hand-in/", data={}, files=photo(1))]
        assert {answer.status_code for answer in pressed if answer is not None} <= {503}
        ballast.unlink()
        assert hand_in(other, made["workers"][1]["share"], picture(1))
        assert running.ask("SELECT count(*) FROM tasks_handin") == 2
        chain_is_whole(running)
    finally:
        running.end()


def opened(phone: Phone, path: str) -> httpx.Response:
    """The first answer. As a browser does, a page is asked for once more where the kept connection was closed.

    The server may close it after a refusal that came before the whole photo was read; any answer counts as it is.
    """
    answer = phone.send("GET", path)
    answer = phone.send("GET", path) if answer is None else answer
    assert answer is not None, "no answer at all"
    return answer


def photo(number: int) -> dict[str, tuple[str, bytes, str]]:
    return {"photo": ("p.jpg", picture(number), "image/jpeg")}


def files_in(home: Path) -> list[str]:
    return sorted(os.path.join(place, name) for place, _, names in os.walk(home / "files") for name in names)
