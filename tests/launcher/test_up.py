"""`toli up` with real processes: what it starts it watches, and what it started it ends."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
import pytest
from tests.launcher.running import clean_env, processes_of, three_free_ports, wait_for, within

from toli.config import postgres


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=3):
            return True
    except urllib.error.HTTPError:  # the launcher is tried here, not the page
        return True
    except OSError:
        return False


def permissions(*paths: Path) -> dict[Path, int]:
    return {path: stat.S_IMODE(path.stat().st_mode) for path in paths}


def test_a_first_start_makes_a_private_home_with_all_of_it(folder, start):
    home = folder / "first"
    before = permissions(folder, folder.parent)
    running = start(home).ready()
    assert answers(running.port)
    assert running.interrupt() < within(10)
    assert set(permissions(home, postgres.socket_folder(home)).values()) == {0o700}
    assert permissions(folder, folder.parent) == before
    assert processes_of(home) == {}


def test_a_second_start_takes_less_than_ten_seconds_and_ctrl_c_ends_all_of_it(home, start):
    before = permissions(home, *list(home.parents)[:2])
    began = time.monotonic()
    running = start(home).ready()
    assert time.monotonic() - began < within(10)
    assert answers(running.port)
    assert running.interrupt() < within(10)
    assert running.process.returncode == 0
    assert processes_of(home) == {}
    assert set(permissions(home, postgres.socket_folder(home)).values()) == {0o700}
    assert permissions(*before) == before, "a home that is private stays private, also when root runs it"


def test_ctrl_c_while_it_is_still_starting_leaves_nothing(home, start):
    running = start(home)
    wait_for(lambda: running.part("database"))
    running.interrupt()
    wait_for(lambda: not processes_of(home), 10)


def test_ctrl_c_while_the_first_migration_runs_leaves_nothing(folder, start):
    running = start(folder / "hurried")
    wait_for(lambda: any("toli.cli migrate" in line for line in processes_of(folder / "hurried").values()))
    assert running.interrupt() < within(10)
    assert processes_of(folder / "hurried") == {}


def test_kill_9_of_the_supervisor_leaves_nothing_of_ours_running(home, start):
    running = start(home).ready()
    assert len(processes_of(home)) > 5
    running.process.kill()
    running.process.wait()
    wait_for(lambda: not processes_of(home), 10)


@pytest.mark.parametrize("part", ["web", "pulse", "worker", "database"])
def test_a_killed_part_is_started_again_with_a_clear_line(kept_up, part):
    first = kept_up.part(part)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: f"{part} stopped (signal 9); starting it again" in kept_up.said)
    wait_for(lambda: kept_up.part(part) not in (0, first))
    wait_for(lambda: answers(kept_up.port))


def test_a_stale_pid_file_harms_nobody_and_hinders_nothing(home, start):
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
    try:
        (home / "postgres" / "postmaster.pid").write_text(f"{bystander.pid}\n{home}/postgres\n1\n5432\n\n\n\n\n")
        running = start(home).ready()
        running.interrupt()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_port_in_use_is_said_with_what_to_do(home, start):
    port = three_free_ports()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        running = start(home, port=port)
        assert running.ended() == 1
    assert f"Port {port} (the pages) is in use" in running.said
    assert "make up PORT=" in running.said
    assert "Traceback" not in running.said
    assert processes_of(home) == {}


def test_the_same_home_is_not_started_twice(kept_up, start):
    second = start(kept_up.home)
    assert second.ended() == 1
    assert "already runs" in second.said
    assert answers(kept_up.port)


def test_two_homes_run_side_by_side(kept_up, home, start):
    second = start(home).ready()
    assert answers(kept_up.port)
    assert answers(second.port)
    second.interrupt()
    assert answers(kept_up.port)


def test_data_of_a_newer_version_is_refused_and_left_alone(home, start):
    server = postgres.Server(home)
    server.start()
    with psycopg.connect(server.url(user=postgres.OWNER)) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('tasks', '0099_next_year', now())"
        )
    server.stop()
    running = start(home)
    assert running.ended() == 1
    assert "newer Toli" in running.said
    assert "0099_next_year" in running.said
    assert "Traceback" not in running.said


def test_data_of_another_postgresql_is_refused(home, start):
    (home / "postgres" / "PG_VERSION").write_text("17\n")
    running = start(home)
    assert running.ended() == 1
    assert "written by PostgreSQL 17" in running.said


def test_a_lost_keyring_is_said_before_anything_is_written(home, start):
    (home / "keys.json").unlink()
    running = start(home)
    assert running.ended() == 1
    assert "keyring" in running.said
    assert not (home / "keys.json").exists()


def test_a_home_that_is_a_file_is_said(folder, start):
    path = folder / "file"
    path.write_text("")
    running = start(path)
    assert running.ended() == 1
    assert "set TOLI_HOME" in running.said


def test_a_long_path_still_starts(folder, new_home, start):
    deep = folder / ("long" * 20) / ("path" * 20)
    deep.mkdir(parents=True)
    running = start(new_home(deep)).ready()
    assert len(str(postgres.socket_folder(deep))) < 100
    running.interrupt()


def test_an_unknown_variable_is_a_spelling_mistake():
    said = subprocess.run(
        [sys.executable, "-m", "toli.cli", "up"],
        env=clean_env(TOLI_HOEM="/tmp/x"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert "TOLI_HOEM" in said.stderr


def test_an_unsafe_production_does_not_start():
    said = subprocess.run(
        [sys.executable, "-m", "toli.cli", "migrate"],
        env=clean_env(TOLI_MODE="production"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    for wanted in (
        "TOLI_KEYS", "DATABASE_URL", "TOLI_ALLOWED_HOSTS", "TOLI_PUBLIC_URL", "TOLI_CONTACT_HI", "TOLI_SMS_SENDER",
        "TOLI_SMS_TEXTS",
    ):  # fmt: skip
        assert wanted in said.stderr


ALL_HELP = """
from toli.cli.run import COMMANDS, run
for name in COMMANDS:
    print("==", name, flush=True)
    try:
        run([name, "--help"])
    except SystemExit as ended:
        print("status", ended.code, flush=True)
"""


def test_every_command_explains_itself_with_an_example():
    from toli.cli.run import COMMANDS

    said = subprocess.run(
        [sys.executable, "-c", ALL_HELP], env=clean_env(), capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    helps = dict(part.split("\n", 1) for part in said.stdout.split("== ")[1:])
    assert list(helps) == list(COMMANDS)
    for name, text in helps.items():
        assert text.strip().endswith("status 0"), f"{name}: {said.stderr}"
        assert "example" in text.lower(), name


def test_the_disk_being_full_is_said(monkeypatch, tmp_path):
    from toli.config import env, launcher

    monkeypatch.setattr(launcher, "free_mb", lambda folder: 12)
    monkeypatch.setenv("TOLI_HOME", str(tmp_path))
    with pytest.raises(launcher.CannotStart, match="12 MB free"):
        launcher.prepare_home(env.Environment(home=Path(tmp_path)))


def test_what_postgresql_says_about_a_full_disk_becomes_a_sentence(tmp_path):
    said = postgres.explain('FATAL:  could not write to file "x": No space left on device', tmp_path)
    assert said.startswith("The disk is full")
