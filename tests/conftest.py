"""What every test may use: a real database on a private server, and a fixed cast of people."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection

from tests import cast, fuzzing  # noqa: F401 - registers the nightly profile before it is chosen
from tests.skips import (  # noqa: F401 - hooks
    pytest_make_collect_report,
    pytest_runtest_makereport,
    pytest_terminal_summary,
)

# --- the database ---


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """The private server's own database, migrated; a test that commits leaves it as it was."""
    from django.test import TransactionTestCase

    from toli.config import testing

    with django_db_blocker.unblock():
        testing.prepare_database()
    TransactionTestCase._fixture_teardown = testing.start_over


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of shared data; the test is skipped, or fails where it is required, when it is absent."""
    folder = Path(os.environ.get("TOLI_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not folder.is_dir():
        absent("shared", f"no shared data in {folder}")
    return folder


def absent(what: str, sentence: str) -> None:
    """Skip the test because `what` is not on this machine, or fail it when TOLI_REQUIRE says it must be."""
    if what in os.environ.get("TOLI_REQUIRE", "").split(","):
        pytest.fail(f"required but absent: {sentence}")
    pytest.skip(sentence)


# --- the cast ---


@pytest.fixture
def tree(db):
    """The small tree of `tests/cast.py`."""
    return cast.plant_tree()


@pytest.fixture
def asha(tree):
    """State coordinator."""
    return cast.cast_member("Asha Meena", "+911000000001", tree.state, "state_team", "state_coordinator")


@pytest.fixture
def bilal(tree):
    """District coordinator of Bhilwara."""
    return cast.cast_member("Bilal Khan", "+911000000002", tree.bhilwara, "district_team", "district_coordinator")


@pytest.fixture
def chitra(tree):
    """Booth lead of the first booth."""
    return cast.cast_member("Chitra Gurjar", "+911000000003", tree.booth, "booth_team", "booth_lead")


@pytest.fixture
def meera(tree):
    """Observer at the state: may only look."""
    return cast.cast_member("Meera Joshi", "+911000000004", tree.state, "state_team", "observer")


@pytest.fixture
def dev(tree):
    """District coordinator of Udaipur: another district."""
    return cast.cast_member("Dev Rathore", "+911000000005", tree.udaipur, "district_team", "district_coordinator")


@pytest.fixture
def ravi(tree):
    """Joined, at home in the first booth, without a seat."""
    return cast.CastMember(cast.add_person("Ravi Salvi", "+911000000006", home=tree.booth), "+911000000006")


class Watch:
    """What was recorded and sent since it began."""

    def __init__(self) -> None:
        self.records, self.messages = self._now()

    @staticmethod
    def _now() -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM audit_record")
            last_record = cursor.fetchone()[0]
            cursor.execute("SELECT to_regclass('delivery_message') IS NOT NULL")
            has_outbox = cursor.fetchone()[0]
            if not has_outbox:
                return last_record, 0
            cursor.execute("SELECT coalesce(max(id), 0) FROM delivery_message")
            return last_record, cursor.fetchone()[0]

    def verbs(self) -> list[str]:
        """Verbs recorded since, in order."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT verb FROM audit_record WHERE id > %s ORDER BY id", [self.records])
            return [row[0] for row in cursor.fetchall()]

    def nothing_happened(self) -> bool:
        """True when no record was written and no message queued since the watch began."""
        return (self.records, self.messages) == self._now()


@pytest.fixture
def watch(db):
    """Call it where watching begins: `seen = watch()`; later `assert seen.nothing_happened()`."""
    return Watch
