"""What is taken out of log lines, and what stays."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from toli.config import postgres
from toli.config.logs import ScrubbingFormatter, scrub


@pytest.mark.parametrize(
    "text",
    [
        "sent to +911000000042", "number 1000000042 unknown", "number 10000 00042", "+91 10000 00042", "०००",
        "नंबर १०००००००४२", "tel:+911000000042", "{'phone': '911000000042'}",
    ],
)  # fmt: skip
def test_a_number_is_taken_out_in_any_spelling(text):
    assert "00042" not in scrub(text)
    assert "०४२" not in scrub(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 02:46:20,123 INFO toli.pulse serving on 127.0.0.1:8001",
        "record 01a20110-1461-7646-838f-eacc4aa111f7 of 123456 rows",
        "tick org.fold_counts failed; 1234567 rows in 0.123456 s",
    ],
)
def test_what_helps_to_find_a_fault_stays(text):
    assert scrub(text) == text


NAMES = ("".join(("Nee", "lam")), "".join(("Shar", "ma")))  # not as a line of this file, which stands in a trace


def test_a_statement_that_a_database_quotes_is_taken_out_too():
    said = scrub("invalid input syntax\nLINE 1: INSERT INTO x VALUES ('Neelam', 'y')\n                   ^\nmore")
    assert said == "invalid input syntax\nLINE 1: [left out]\nmore"


def test_a_row_that_a_database_quotes_is_taken_out_of_a_trace(db):
    form = ScrubbingFormatter("%(message)s")
    record = None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE said (name text UNIQUE, n int NOT NULL) ON COMMIT DROP")
            cursor.execute("INSERT INTO said VALUES (%s, NULL)", ["\n".join(NAMES)])
    except Exception:
        import sys

        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "it failed", (), sys.exc_info())
    said = form.format(record)
    assert "null value in column" in said
    assert "NotNullViolation" in said
    assert not any(name in said for name in NAMES)
    assert "test_logs.py" in said


def test_every_handler_of_ours_scrubs():
    made = {name: import_string(said["()"]) for name, said in settings.LOGGING["formatters"].items()}
    assert set(made.values()) == {ScrubbingFormatter}
    assert all(said["formatter"] in made for said in settings.LOGGING["handlers"].values())


def test_our_own_server_writes_no_rows_into_its_log(db):
    assert postgres.SETTINGS["log_error_verbosity"] == "terse"
    with connection.cursor() as cursor:
        for name in ("log_error_verbosity", "log_min_error_statement", "log_parameter_max_length_on_error"):
            cursor.execute("SELECT current_setting(%s)", [name])
            assert cursor.fetchone()[0] in ("terse", "panic", "0"), name
