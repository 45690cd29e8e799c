"""`toli backup` and `toli restore` with real processes: all of it comes back, or nothing is touched."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
import threading
import zipfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from tests.config.conftest import PICTURE, environment, toli
from tests.launcher.running import processes_of, wait_for

from toli.config import postgres
from toli.config.backups import programs

PASSPHRASE = "five unrelated words are good"
RECORD = "INSERT INTO audit_record (verb, request_id) VALUES ('tests.happened', %s)"
DELTA = """
INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
SELECT id, 0, 'tests', DATE '1970-01-01', 1 FROM org_unit ORDER BY id LIMIT 1
"""
NEVER_KEPT = {"django_session", "usersessions_usersession"}
SHAPE = {
    "triggers": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "columns": "SELECT table_name, column_name, data_type, column_default, is_nullable, is_identity, collation_name"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "sequences": "SELECT sequencename, last_value, increment_by FROM pg_sequences WHERE schemaname = 'public'"
    " AND sequencename NOT LIKE 'audit_record%' AND sequencename NOT LIKE 'usersessions%'",
    "grants": "SELECT relname, relacl::text, pg_get_userbyid(relowner) FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S', 'v')",
    "functions": "SELECT proname, prosrc, prosecdef, proconfig::text, pg_get_userbyid(proowner) FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace",
    "roles": "SELECT rolname, rolsuper, rolcreatedb, rolcanlogin FROM pg_roles WHERE rolname LIKE 'toli%'",
}


@contextmanager
def database(home: Path, user: str = postgres.OWNER):
    """A connection to the server of a stopped home."""
    server = postgres.Server(home, safe=False)
    server.start()
    try:
        with psycopg.connect(server.url(user=user), autocommit=True) as connection:
            yield connection
    finally:
        server.stop()


def shape(connection) -> dict[str, list]:
    """How the tables are made. A condition that was dumped and read again has its casts and brackets elsewhere."""
    plain = re.compile(r"::text|::character varying|[()\[\]]")
    return {
        name: sorted(plain.sub("", str(row)) for row in connection.execute(query).fetchall())
        for name, query in SHAPE.items()
    }


def contents(connection) -> dict[str, str]:
    """A digest of all rows of each table; numbers of transactions belong to a server and are left out."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    query = "SELECT md5(coalesce(string_agg(md5((to_jsonb(t) - 'xid' - 'horizon')::text), '' ORDER BY t::text), ''))"
    digest = query.replace("ORDER BY t::text", "ORDER BY (to_jsonb(t) - 'xid' - 'horizon')::text")
    return {name: connection.execute(f'{digest} FROM "{name}" t').fetchone()[0] for (name,) in tables}


@pytest.fixture(scope="session")
def passphrase(folder):
    path = folder / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    return path


@pytest.fixture(scope="session")
def backup(seed, folder, passphrase):
    """The backup of the seeded home, its keys, and what the command said."""
    file, keys = folder / "toli.backup", folder / "toli.keys"
    done = toli(seed[0], "backup", file, "--keys", keys, "--passphrase-file", passphrase)
    assert done.returncode == 0, done.stderr
    return file, keys, done.stdout


def restore(home, backup, passphrase, *more, **env):
    return toli(home, "restore", backup[0], "--keys", backup[1], "--passphrase-file", passphrase, *more, **env)


def head_in(said: str) -> tuple[int, str]:
    """Position and hash of the last sealed record, as the command printed them."""
    position, digest = re.search(r"^head (\d+) ([0-9a-f]{64})\b", said, re.M).groups()
    return int(position), digest


def test_what_is_restored_is_what_was_backed_up(seed, empty, backup, passphrase, start):
    home = seed[0]
    done = restore(empty, backup, passphrase)
    assert done.returncode == 0, done.stderr
    assert head_in(done.stdout) == head_in(backup[2])
    assert head_in(done.stdout)[0] > 50
    with database(home) as connection:
        before, old_shape = contents(connection), shape(connection)
        assert connection.execute("SELECT count(*) FROM django_session").fetchone()[0] > 40
    with database(empty) as connection:
        after, new_shape = contents(connection), shape(connection)
        assert connection.execute("SELECT count(*) FROM django_session").fetchone()[0] == 0, "nobody is signed in"
        assert connection.execute("SELECT is_demo FROM accounts_deployment").fetchone() == (True,)
        verbs = connection.execute("SELECT verb FROM audit_record ORDER BY id DESC LIMIT 1").fetchone()
        assert verbs == ("config.restored",)
        for forbidden in (
            "DELETE FROM audit_record",
            "TRUNCATE audit_link",
            "UPDATE accounts_deployment SET is_demo=false",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(forbidden)
    changed = {name for name, digest in before.items() if after[name] != digest}
    assert changed <= NEVER_KEPT | {name for name in before if name.startswith("audit_record")}
    for name, lines in old_shape.items():
        assert new_shape[name] == lines, name
    assert (empty / "files" / "tasks" / "ab" / "cdef.jpg").read_bytes() == PICTURE
    assert {stat.S_IMODE(path.stat().st_mode) for path in (empty / "files").rglob("*.jpg")} == {0o600}
    assert (empty / "keys.json").read_bytes() == (home / "keys.json").read_bytes()
    running = start(empty).ready()
    wait_for(lambda: {"config.restored", "tests.unsealed"} <= _sealed_verbs(empty))
    assert toli(empty, "check-audit").returncode == 0
    running.interrupt()


def _sealed_verbs(home: Path) -> set[str]:
    with psycopg.connect(postgres.url(postgres.socket_folder(home))) as connection:
        rows = connection.execute("SELECT r.verb FROM audit_link l JOIN audit_record r ON r.id = l.record_id")
        return {verb for (verb,) in rows}


def test_a_backup_taken_while_people_write_is_of_one_moment(home, empty, tmp_path, start):
    running = start(home).ready()
    stop, written = threading.Event(), []

    def write() -> None:
        """A record and the row it tells of, always together."""
        with psycopg.connect(postgres.url(postgres.socket_folder(home))) as connection:
            while not stop.is_set():
                written.append(len(written))
                connection.execute(RECORD, [f"w{len(written)}"])
                connection.execute(DELTA)
                connection.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        wait_for(lambda: len(written) > 20)
        done = toli(home, "backup", tmp_path / "b")
        assert done.returncode == 0, done.stderr
        assert "The keys are NOT in it" in done.stdout
        refused = toli(home, "restore", tmp_path / "b", "--replace", home.name)
        assert "already runs" in refused.stderr
    finally:
        stop.set()
        writer.join()
    running.interrupt()
    put_back = toli(empty, "restore", tmp_path / "b", "--keys", home / "keys.json")
    assert put_back.returncode == 0, put_back.stderr
    assert head_in(put_back.stdout) == head_in(done.stdout)
    with database(empty) as connection:
        told = connection.execute("SELECT count(*) FROM audit_record WHERE verb = 'tests.happened'").fetchone()[0]
        counted = connection.execute(
            "SELECT coalesce((SELECT sum(n) FROM org_delta WHERE metric = 'tests'), 0)"
            " + coalesce((SELECT max(n) FROM org_count WHERE metric = 'tests'), 0)"
        ).fetchone()[0]
        assert 20 < told == counted < len(written)


@pytest.fixture
def untouched(empty):
    """Says that a refused restore left nothing behind."""

    def check(done, *words):
        assert done.returncode == 1, done.stdout
        for word in words:
            assert word in done.stderr
        assert "Traceback" not in done.stderr
        assert not (empty / "postgres").exists()
        assert not (empty / "files").exists()
        assert not (empty / "keys.json").exists()
        assert processes_of(empty) == {}

    return check


def test_a_file_cut_off_at_any_place_is_refused(backup, empty, passphrase, untouched, tmp_path):
    whole = backup[0].read_bytes()
    for share in (0, 0.3, 0.999):
        cut = tmp_path / f"cut-{share}"
        cut.write_bytes(whole[: int(len(whole) * share)])
        untouched(restore(empty, (cut, backup[1]), passphrase), "not a whole backup", "Nothing was changed")


def test_a_file_that_was_changed_is_refused(backup, empty, passphrase, untouched, tmp_path):
    body = bytearray(backup[0].read_bytes())
    body[len(body) // 3] ^= 1
    flipped = tmp_path / "flipped"
    flipped.write_bytes(bytes(body))
    untouched(restore(empty, (flipped, backup[1]), passphrase), "damaged or changed")


def rewritten(source: Path, target: Path, change) -> Path:
    """The same zip with another manifest or other members, its checksums right again."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if (body := change(name, old.read(name))) is not None:
                new.writestr(name, body)
    return target


def _claims(key, value):
    def change(name, body):
        if name != "manifest.json":
            return body
        return json.dumps({**json.loads(body), key: value})

    return change


def test_a_file_whose_list_was_forged_is_refused(backup, empty, passphrase, untouched, tmp_path):
    forged = rewritten(backup[0], tmp_path / "forged", _claims("demo", False))
    untouched(restore(empty, (forged, backup[1]), passphrase), "damaged or changed")
    fewer = rewritten(backup[0], tmp_path / "fewer", lambda name, body: None if name.startswith("files/") else body)
    untouched(restore(empty, (fewer, backup[1]), passphrase), "damaged or changed")


def test_a_file_of_a_newer_format_is_refused(backup, empty, passphrase, untouched, tmp_path):
    newer = rewritten(backup[0], tmp_path / "newer", _claims("format", 99))
    untouched(restore(empty, (newer, backup[1]), passphrase), "made by a newer Toli")


def test_a_backup_of_newer_data_is_refused(home, empty, untouched, tmp_path):
    with database(home) as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('tasks', '0099_next', now())")
    assert toli(home, "backup", tmp_path / "b").returncode == 0
    done = toli(empty, "restore", tmp_path / "b", "--keys", home / "keys.json")
    untouched(done, "newer Toli", "tasks.0099_next")


def test_without_the_keys_or_with_others_nothing_is_restored(backup, empty, passphrase, untouched, tmp_path):
    untouched(toli(empty, "restore", backup[0]), "The keys of this backup are not here", "--keys")
    wrong = tmp_path / "wrong"
    wrong.write_text("some other words than these\n")
    untouched(restore(empty, backup, wrong), "does not open with this passphrase")
    from toli.kit.secrets import create_keyring

    others = create_keyring(tmp_path / "others.json")
    untouched(toli(empty, "restore", backup[0], "--keys", others), "belong to another Toli")


def test_the_keys_file_holds_no_key_in_the_clear_and_both_files_are_the_owners_alone(seed, backup):
    ring = json.loads((seed[0] / "keys.json").read_text())
    for file in backup[:2]:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        body = file.read_bytes()
        for key in (*ring["keys"].values(), ring["index"], ring["sign"]):
            assert key.encode() not in body
    assert PASSPHRASE.encode() not in backup[0].read_bytes() + backup[1].read_bytes()


def test_a_short_passphrase_and_a_taken_name_are_refused(seed, tmp_path):
    home = seed[0]
    short = tmp_path / "short"
    short.write_text("1234\n")
    done = toli(home, "backup", tmp_path / "b", "--keys", tmp_path / "k", "--passphrase-file", short)
    assert (done.returncode, "at least 12 characters" in done.stderr) == (1, True)
    (tmp_path / "b").write_text("somebody's")
    done = toli(home, "backup", tmp_path / "b")
    assert done.returncode == 1
    assert "exists already" in done.stderr
    assert (tmp_path / "b").read_text() == "somebody's"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "short"]


def test_what_is_there_is_replaced_only_by_name(home, backup, passphrase):
    with database(home) as connection:
        connection.execute(RECORD, ["after the backup"])
        before = contents(connection)
    (home / "files" / "tasks" / "later.jpg").write_bytes(b"later")
    done = restore(home, backup, passphrase, "--replace", "everything")
    assert done.returncode == 1
    assert f"--replace {home.name}" in done.stderr
    with database(home) as connection:
        assert contents(connection) == before
    done = restore(home, backup, passphrase, "--replace", home.name)
    assert done.returncode == 0, done.stderr
    assert not (home / "files" / "tasks" / "later.jpg").exists()
    assert (home / "files" / "tasks" / "ab" / "cdef.jpg").read_bytes() == PICTURE
    with database(home) as connection:
        found = connection.execute("SELECT count(*) FROM audit_record WHERE request_id = 'after the backup'")
        assert found.fetchone() == (0,)
        schemas = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before%'").fetchall()
        assert schemas == []


def test_a_restore_that_is_killed_leaves_what_was_there_to_be_put_back(home, backup, passphrase, start):
    with database(home) as connection:
        connection.execute(RECORD, ["after the backup"])
        before = contents(connection)
    process = subprocess.Popen(
        [sys.executable, "-m", "toli.cli", "restore", str(backup[0]), "--keys", str(backup[1]),
         "--passphrase-file", str(passphrase), "--replace", home.name],
        env=environment(home), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in process.stdout:
        if "Making indexes" in line:
            process.kill()
    process.wait()
    wait_for(lambda: not processes_of(home))
    running = start(home)
    assert running.ended() == 1
    assert "A restore was cut off here" in running.said
    refused = restore(home, backup, passphrase)
    assert "is back in its place" in refused.stdout
    assert refused.returncode == 1
    with database(home) as connection:
        assert contents(connection) == before
    assert (home / "files" / "tasks" / "ab" / "cdef.jpg").exists()


def test_a_backup_on_a_full_disk_leaves_no_file(seed, tmp_path):
    limited = subprocess.run(
        ["sh", "-c", f"ulimit -f 400; exec {sys.executable} -m toli.cli backup {tmp_path}/b"],
        env=environment(seed[0]), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert limited.returncode == 1, limited.stdout
    assert "No backup was made" in limited.stderr
    assert "Traceback" not in limited.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_external_database_is_backed_up_and_restored_by_its_address(home, empty, tmp_path):
    """Two databases of one server that this TOLI_HOME does not start."""
    folder = postgres.socket_folder(home)
    with database(home, user="postgres") as connection:
        connection.execute("CREATE DATABASE second OWNER toli_owner")
        there, keys = tmp_path / "there", home / "keys.json"
        address = postgres.url(folder, user=postgres.OWNER)
        done = toli(there, "backup", tmp_path / "b", OWNER_DATABASE_URL=address, TOLI_KEYS=str(keys))
        assert done.returncode == 0, done.stderr
        other = address.replace("/toli?", "/second?")
        busy = toli(empty, "restore", tmp_path / "b", "--keys", keys, OWNER_DATABASE_URL=address)
        assert "connections work in this database" in busy.stderr
        put_back = toli(empty, "restore", tmp_path / "b", "--keys", keys, OWNER_DATABASE_URL=other)
        assert put_back.returncode == 0, put_back.stderr
        assert head_in(put_back.stdout) == head_in(done.stdout)
        again = toli(empty, "restore", tmp_path / "b", OWNER_DATABASE_URL=other)
        assert "--replace second" in again.stderr
        assert not (empty / "postgres").exists()
        with psycopg.connect(address) as first, psycopg.connect(other) as second:
            tables, restored = contents(first), contents(second)
            changed = {name for name, digest in tables.items() if restored[name] != digest}
            assert changed <= NEVER_KEPT | {name for name in tables if name.startswith("audit_record")}
            assert shape(second)["grants"] == shape(first)["grants"]


def test_a_password_goes_by_the_environment_and_not_into_the_list_of_processes():
    found = programs.environment("postgresql://toli_owner:a%3Ab%40c%2Fd@db.example:5433/toli?sslmode=require")
    assert {name: found[name] for name in ("PGUSER", "PGPASSWORD", "PGHOST", "PGPORT", "PGDATABASE", "PGSSLMODE")} == {
        "PGUSER": "toli_owner", "PGPASSWORD": "a:b@c/d", "PGHOST": "db.example", "PGPORT": "5433",
        "PGDATABASE": "toli", "PGSSLMODE": "require",
    }  # fmt: skip


def test_check_reads_the_file_and_changes_nothing(backup, empty, passphrase, untouched):
    done = restore(empty, backup, passphrase, "--check")
    assert done.returncode == 0, done.stderr
    assert head_in(done.stdout) == head_in(backup[2])
    assert not empty.exists() or not any(empty.iterdir())
