"""Somebody joins, signs in and is rung up: afterwards no number, code or name stands where it must not."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests import cast
from tests.accounts.conftest import digits

from toli.accounts import services as accounts
from toli.accounts.models import LoginCode
from toli.config.logs import ScrubbingFormatter
from toli.consent.first_notice import ensure_notice
from toli.people.models import Person
from toli.recruitment import services as recruitment

NUMBER = "1000000942"
NAME = "Zarnigar"
REASON = "camp on Sunday"
PLACES_OF_NAMES = re.compile(r"^people_")


class Kept(logging.Handler):
    """Every line of every log, as our formatter writes it and as it was given."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(ScrubbingFormatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log():
    """Everything that is logged at the level that is set, and above."""
    kept, root = Kept(), logging.getLogger()
    root.addHandler(kept)
    yield kept
    root.removeHandler(kept)


def everything_in_the_database() -> dict[str, str]:
    """Each table as text: every column of every row, binary ones as hex."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(relname) FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace"
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {table} t")
            found[table] = cursor.fetchone()[0]
    found["sessions, opened"] = "\n".join(str(session.get_decoded()) for session in Session.objects.all())
    return found


def tables_with(secret: str, found: dict[str, str]) -> list[str]:
    hidden = secret.encode().hex()
    alone = re.compile(rf"(?<!\d){re.escape(secret)}(?!\d)" if secret.isdigit() else re.escape(secret))
    return [table for table, text in found.items() if alone.search(text) or hidden in text]


def join(tree) -> tuple[Client, str]:
    """A form, a wrong code, the right code: as somebody does it who was never here."""
    now = timezone.now()
    accounts.create_deployment(is_demo=True, now=now)
    notice = ensure_notice(actor=cast.SYSTEM, now=now)
    recruitment.open_drive(
        actor=cast.SYSTEM, key="youth", names={"hi": "जोड़ो", "en": "Join"}, scope=tree.state,
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=30),
    )  # fmt: skip
    client = Client(headers={"accept-language": "en"})
    form = {
        "unit": str(tree.booth.ref), "notice": str(notice.ref), "skills": ["writing"], "declared": "on",
        "purpose_organise": "on", "purpose_calls": "on", "wing": "",
        "name": f"{NAME} Bano", "phone": NUMBER,
        "birth_year": "1998", "place_text": "Ward 3",
    }  # fmt: skip
    assert client.post("/join/youth/form/", form).status_code == 302
    code = digits(LoginCode.objects.latest("id").ref)
    client.post("/login/code/", {"code": f"{(int(code) + 1) % 1_000_000:06d}"})
    answer = client.post("/login/code/", {"code": code})
    for _step in range(6):
        if answer.status_code != 302:
            break
        answer = client.get(answer.url)
    assert answer.status_code == 200, urlsplit(answer.request["PATH_INFO"]).path
    return client, code


def test_no_number_and_no_code_stands_anywhere_and_a_name_in_one_place_only(tree, bilal, log):
    client, code = join(tree)
    person = Person.objects.get(holder__login__key=LoginCode.objects.latest("id").login_key)
    client.get("/me/")
    client.get("/me/data/")
    revealed = bilal.client.post(f"/desk/people/{person.ref}/number/", {"reason": "task", "words": REASON})
    assert revealed.status_code in (200, 403), "asked for; opened only with consent to calls"
    bilal.client.get("/desk/people/", {"q": NAME})
    client.post("/login/", {"phone": NUMBER})

    found = everything_in_the_database()
    assert tables_with("Ward 3", found), "what must be found is found"
    assert tables_with(NUMBER, found) == []
    assert tables_with(NUMBER[:5] + " " + NUMBER[5:], found) == []
    assert tables_with(code, found) == []
    named = [table for table in tables_with(NAME, found) if not PLACES_OF_NAMES.match(table)]
    assert named == []
    said = "\n".join(log.lines)
    assert NUMBER not in said
    assert code not in said
    assert NAME not in said


def test_a_code_on_its_way_is_sealed(tree):
    asked = accounts.ask_code(phone=f"+91{NUMBER}", cookie="", address="192.0.2.77", language="hi", now=timezone.now())
    found = everything_in_the_database()
    for secret in (NUMBER, digits(asked.ref), "192.0.2.77", asked.cookie.rpartition(".")[2]):
        assert tables_with(secret, found) == [], secret


def test_a_fault_in_the_middle_logs_no_row(tree, bilal, log, monkeypatch):
    """The trace of a 500 carries what was in the statement; the log must not."""
    from toli.org import queries

    def fall(*_args, **_kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::int", [f"{NAME} +91{NUMBER}"])

    monkeypatch.setattr(queries, "search_people", fall)
    bilal.client.raise_request_exception = False
    answer = bilal.client.get("/desk/people/", {"q": NAME})
    assert answer.status_code == 500
    assert NUMBER not in answer.content.decode()
    said = "\n".join(line for line in log.lines if "invalid input syntax" in line)
    assert "Traceback" in said
    assert NUMBER not in said


def test_the_database_is_read_whole(tree):
    found = everything_in_the_database()
    assert len(found) > 40
    assert tables_with("Bhilwara", found) != []
    assert settings.SESSION_ENGINE.endswith("sessions.backends.db"), "sessions are looked into above"
