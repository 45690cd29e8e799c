"""Records are chained as they commit; whoever changes one is found."""

import threading

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from tests.cast import SYSTEM

from toli.audit import queries, services
from toli.audit.models import Link
from toli.audit.verbs import VERBS


def record(n=1):
    for i in range(n):
        services.record(SYSTEM, "org.units_imported", None, data={"added": i})


def test_sealed_records_form_one_whole_chain(db):
    record(5)
    assert services.seal() == 5
    record(3)
    assert services.seal() == 3
    check = queries.check_chain()
    assert check.is_whole
    assert check.checked == 8
    assert queries.head()[0] == 8


def test_a_changed_record_is_named(db):
    record(4)
    services.seal()
    third = Link.objects.get(position=3).record_id
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_record DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_record SET data = '{\"added\": 99}' WHERE id = %s", [third])
        cursor.execute("ALTER TABLE audit_record ENABLE TRIGGER USER")
    check = queries.check_chain()
    assert not check.is_whole
    assert (check.broken_position, check.broken_record_id) == (3, third)


def test_a_missing_tail_is_noticed(db):
    record(4)
    services.seal()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_link DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_link WHERE position = 4")
        cursor.execute("ALTER TABLE audit_link ENABLE TRIGGER USER")
    assert queries.check_chain().broken_position == 4


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_record SET verb = 'x'", "DELETE FROM audit_record", "DELETE FROM audit_link"]
)
def test_nobody_changes_or_deletes_a_record(db, statement):
    record(2)
    services.seal()
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert queries.check_chain().checked == 2


@pytest.mark.django_db(transaction=True)
def test_a_record_that_commits_late_is_sealed_later_never_skipped():
    written, go = threading.Event(), threading.Event()

    def slow_writer():
        try:
            with transaction.atomic():
                record(1)
                written.set()
                assert go.wait(20)
        finally:
            connection.close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    assert written.wait(20)
    record(3)
    assert services.seal() == 3
    assert services.seal() == 0
    go.set()
    writer.join(20)
    assert services.seal() == 1
    check = queries.check_chain()
    assert check.is_whole
    assert (check.checked, check.unsealed) == (4, 0)


def test_an_unknown_verb_is_refused(db):
    with pytest.raises(ValueError, match="sentence"):
        services.record(SYSTEM, "org.never_heard_of", None)


def test_every_verb_has_a_sentence_in_both_languages():
    for verb, sentences in VERBS.items():
        assert sentences["en"], verb
        assert any("\u0900" <= char <= "\u097f" for char in sentences["hi"]), verb
