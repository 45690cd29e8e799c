"""What the application's database role may not do, whatever the code tries."""

import pytest
from django.db import ProgrammingError, connection, transaction

from toli.config import grants
from toli.config.postgres import APP


@pytest.fixture
def as_app(db):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APP}")
        yield cursor


def append_only() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(grants.TABLES)
        return [name for name, only in cursor.fetchall() if only]


def test_records_and_the_consent_ledger_are_append_only(db):
    assert {"audit_record", "audit_link", "consent_consentevent"} <= set(append_only())


@pytest.mark.parametrize("act", ["DELETE FROM", "TRUNCATE"])
def test_the_application_cannot_empty_what_is_append_only(as_app, act):
    for table in append_only():
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            as_app.execute(f"{act} {table}")


def test_the_application_cannot_change_a_row_of_what_is_append_only(as_app):
    for table in append_only():
        as_app.execute("SELECT has_table_privilege(%s, %s, 'UPDATE')", [APP, table])
        assert as_app.fetchone() == (False,), table


def test_the_application_reads_and_writes_the_rest(as_app):
    as_app.execute("SELECT count(*) FROM audit_record")
    as_app.execute("UPDATE people_person SET name = name")


def test_the_application_cannot_change_the_tables_themselves(as_app):
    with pytest.raises(ProgrammingError, match=r"must be owner|permission denied"), transaction.atomic():
        as_app.execute("ALTER TABLE audit_record DISABLE TRIGGER ALL")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        as_app.execute("CREATE TABLE mine (id int)")
