"""A start looks at the data with a migration only when the code or the data are of another time."""

import subprocess
import sys

import psycopg
import pytest
from tests.launcher.running import clean_env

from toli.config import fresh, postgres

CHANGES = (
    (
        "INSERT INTO django_migrations (app, name, applied) VALUES ('tasks', '0099_next_year', now())",
        "DELETE FROM django_migrations WHERE name = '0099_next_year'",
    ),
    (
        "UPDATE audit_flow_cursor SET position = position + 1 WHERE name = 'release'",
        "UPDATE audit_flow_cursor SET position = position - 1 WHERE name = 'release'",
    ),
    ("CREATE SCHEMA before_restore", "DROP SCHEMA before_restore"),
    ("ALTER TABLE audit_flow_cursor RENAME TO elsewhere", "ALTER TABLE elsewhere RENAME TO audit_flow_cursor"),
)


@pytest.fixture
def address(home):
    server = postgres.Server(home, safe=False)
    server.start()
    yield server.url(user=postgres.OWNER)
    server.stop()


def test_data_that_this_code_migrated_is_ready_until_either_changes(address, home, monkeypatch, tmp_path):
    env = clean_env(TOLI_HOME=str(home), OWNER_DATABASE_URL=address)
    subprocess.run([sys.executable, "-m", "toli.cli", "migrate"], env=env, check=True)
    assert fresh.is_ready(address, filled=False)
    assert not fresh.is_ready(address, filled=True), "no campaign is in it yet"
    with psycopg.connect(address, autocommit=True) as connection:
        for change, back in CHANGES:
            connection.execute(change)
            assert not fresh.is_ready(address, filled=False), change
            connection.execute(back)
            assert fresh.is_ready(address, filled=False), back
    (tmp_path / "another_release.py").touch()
    monkeypatch.setattr(fresh, "PACKAGE", tmp_path)
    assert not fresh.is_ready(address, filled=False)


def test_a_database_that_does_not_answer_is_not_ready(tmp_path):
    assert not fresh.is_ready(postgres.url(tmp_path), filled=False)
