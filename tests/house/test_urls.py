"""Every address, tried by every member of the cast: the table stands in `urls.py`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import override_settings
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver
from tests.conftest import Watch
from tests.house import world
from tests.house.urls import CAST, LEFT_OUT, ROWS, Row

from toli.kit.ids import uuid7

MISSING = uuid7()
NO_PICTURE = "0" * 64 + ".jpg"
HTMX = {"HX-Request": "true"}
FORMS_OF_NOTHING = ({}, {"reason": "", "words": "x", "unit": str(MISSING), "person": str(MISSING), "ref": "x"})
# A session is kept, and a try counted, for whoever comes, also for those who are refused.
NOT_WORK = ("django_session", "usersessions_usersession", "accounts_usage", "recruitment_waitingreading")
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)


@pytest.fixture(scope="module")
def db(django_db_setup, django_db_blocker):
    """One transaction around the whole table, instead of one for each test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def w(db, tmp_path_factory):
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"), **world.GATEWAY):
        yield world.plant()


# --- asking ---


@dataclass
class Answer:
    status: int
    text: str
    location: str
    verbs: list[str]
    sent: int
    written: set[str]
    headers: dict[str, str]

    @property
    def is_refusal(self) -> bool:
        return 400 <= self.status < 500

    @property
    def is_login(self) -> bool:
        return self.status == 302 and re.match(r"/login/($|[?])", self.location) is not None


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows_written() -> dict[str, tuple[int, int, int]]:
    """Rows put in, changed and taken out since the transaction began, by table; also those undone since."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables")
        return {name: tuple(counts) for name, *counts in cursor.fetchall() if name not in NOT_WORK}


def ask(
    w: SimpleNamespace, who: str, row: Row, *, second_factor: bool = True, method: str = "", **changes: Any
) -> Answer:
    """What `who` gets on the row's address, and what it left in the database; all of it is undone.

    `args`, `query`, `sent` and `headers` stand in for the row's own.
    """
    client = world.browser(w, who, second_factor=second_factor)
    client.raise_request_exception = False
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    address = reverse(row.name, args=changes.get("args", row.args(w)))
    if query := changes.get("query", row.query(w)):
        address += f"?{urlencode(query, doseq=True)}"
    sent = changes["sent"] if "sent" in changes else row.post(w) if row.post else None
    headers = {**row.headers(w), **changes.get("headers", {})}
    method = method or ("post" if sent is not None else "get")
    with undone():
        seen, before = Watch(), rows_written()
        body = {"data": sent, **({"content_type": "application/json"} if isinstance(sent, bytes) else {})}
        response = getattr(client, method)(address, headers=headers, **(body if sent is not None else {}))
        answer = answer_of(response, seen, before)
    client.cookies = SimpleCookie(cookies)
    return answer


def answer_of(response: HttpResponse, seen: Watch, before: dict[str, Any]) -> Answer:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    after = rows_written()
    written = {name for name, counts in after.items() if counts != before.get(name)}
    return Answer(
        response.status_code,
        body.decode("utf-8", "replace"),
        response.headers.get("Location", ""),
        seen.verbs(),
        Watch().messages - seen.messages,
        written,
        dict(response.headers),
    )


def plain(text: str, *refs: Any) -> str:
    """A page without what differs from one asking to the next."""
    for ref in refs:
        text = text.replace(str(ref), "REF")
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken[^A-Za-z0-9]+|nonce=")[A-Za-z0-9_-]+', "", text)


def unknown(args: list[Any]) -> list[Any]:
    """The same arguments with a last one that nothing answers to."""
    *before, last = args
    return [*before, MISSING if isinstance(last, UUID) else NO_PICTURE]


def is_ref(arg: Any) -> bool:
    """Whether the argument names one thing among many; words such as a purpose do not."""
    return isinstance(arg, UUID) or str(arg).endswith(".jpg")


# --- those who may ---


@each_row
def test_whoever_may_gets_it(w, row):
    for who in row.may.split():
        answer = ask(w, who, row)
        assert (who, answer.status) == (who, row.expected), answer.text[-1500:]
        assert not answer.is_login or row.name.startswith("accounts:"), who
        if row.records:
            assert row.records in answer.verbs, who
        if row.post:
            assert bool(answer.written) is row.writes, (who, answer.written)


@each_row
def test_a_fragment_is_asked_for_by_the_same_rules(w, row):
    answer = ask(w, row.may.split()[-1], row, headers=HTMX)
    assert answer.status == (row.htmx or row.expected)
    if row.htmx:
        assert "<html" not in answer.text


@pytest.mark.parametrize("row", [row for row in ROWS if row.shows], ids=lambda row: row.id)
def test_a_list_holds_only_what_is_in_ones_charge(w, row):
    words = row.shows(w)
    assert words in ask(w, row.may.split()[0], row).text
    for who in row.blind.split():
        if who in row.may.split():
            assert words not in ask(w, who, row).text, who


# --- those who may not ---


@each_row
def test_nobody_else_gets_it_or_changes_anything(w, row):
    args = row.args(w)
    for who in CAST:
        if who in row.may.split():
            continue
        answer = ask(w, who, row)
        check_refused(row, who, answer)
        if args and is_ref(args[-1]) and who not in row.others:
            missing = ask(w, who, row, args=unknown(args))
            assert (who, answer.status) == (who, missing.status)
            assert plain(answer.text, args[-1]) == plain(missing.text, MISSING, NO_PICTURE), who


@pytest.mark.parametrize("row", [row for row in ROWS if row.post], ids=lambda row: row.id)
def test_who_may_not_is_answered_alike_whatever_the_form_holds(w, row):
    """The right is asked before the form is looked at: a bad form of somebody who may not says nothing more."""
    for who in CAST:
        if row.proof and who == row.may.split()[0]:
            check_alike(w, row, who, second_factor=False)
        elif who not in [*row.may.split(), *row.elsewhere.split(), "anonymous"]:
            check_alike(w, row, who)


def check_alike(w: SimpleNamespace, row: Row, who: str, **how: bool) -> None:
    answer = ask(w, who, row, **how)
    if answer.status in (403, 404):  # 422 is about a place the form names, 401 and 409 are answers to a phone's outbox
        for form in FORMS_OF_NOTHING:
            other = ask(w, who, row, sent=form, **how)
            assert (who, form, other.status) == (who, form, answer.status)
            assert (other.verbs, other.sent, other.written) == ([], 0, set())


@each_row
def test_nobody_else_gets_it_by_asking_for_a_fragment(w, row):
    for who in {"dev", "meera", "anonymous"} - set(row.may.split()):
        check_refused(row, who, ask(w, who, row, headers=HTMX))


def check_refused(row: Row, who: str, answer: Answer) -> None:
    """404 or what the row says, the login for nobody; nothing recorded, nothing sent, nothing written."""
    if who in row.others:
        assert (who, answer.status) == (who, row.others[who])
    elif who == "anonymous":
        assert answer.is_login or answer.status == 404, (answer.status, answer.location)
    else:
        assert (who, answer.status) == (who, 404)
    if answer.is_refusal or who == "anonymous":
        assert (who, answer.verbs, answer.sent, answer.written) == (who, [], 0, set())


@pytest.mark.parametrize("row", [row for row in ROWS if row.foreign], ids=lambda row: row.id)
def test_naming_a_thing_of_anothers_charge_is_refused(w, row):
    assert row.asks in row.may.split(), "who asks must be able to do it at home"
    answer = ask(w, row.asks, row, **{"sent" if row.post else "query": row.foreign(w)})
    assert answer.is_refusal, answer.status
    assert (answer.verbs, answer.written) == ([], set())


@pytest.mark.parametrize("row", [row for row in ROWS if row.proof], ids=lambda row: row.id)
def test_a_sensitive_right_needs_the_second_proof(w, row):
    for who in row.may.split():
        answer = ask(w, who, row, second_factor=False)
        assert (who, answer.status) == (who, 403)
        assert (answer.verbs, answer.written) == ([], set())


@each_row
def test_a_number_that_has_not_joined_gets_no_desk(w, row):
    answer = ask(w, "newcomer", row)
    assert answer.status < 500
    if reverse(row.name, args=row.args(w)).startswith("/desk/"):
        assert answer.status in (302, 404), answer.status
        assert (answer.verbs, answer.sent, answer.written) == ([], 0, set())


def test_a_leak_would_be_seen(w):
    """Each check fails on a row that says somebody may not who in truth may."""
    verify = next(row for row in ROWS if row.name == "tasks:verify")
    share = next(row for row in ROWS if row.name == "tasks:share")
    for row in (verify, share):
        lying = replace(row, may="asha")
        with pytest.raises(AssertionError):
            check_refused(lying, "bilal", ask(w, "bilal", lying))
    done = ask(w, "bilal", verify)
    assert done.verbs == ["tasks.verified"]
    assert "tasks_assignment" in done.written
    assert ask(w, "bilal", verify).verbs == done.verbs, "what one asking did is undone before the next"


# Leaves what one's own session sees; nothing of the campaign is touched.
OWN_SESSION = {"org:end_seeing"}


def test_who_may_only_look_and_who_is_not_here_change_nothing_on_the_desk(w):
    for row in ROWS:
        if row.post and row.name not in OWN_SESSION and reverse(row.name, args=row.args(w)).startswith("/desk/"):
            assert not {"meera", "ravi", "anonymous"} & set(row.may.split()), row.id


# --- other methods, garbage ---


@pytest.mark.parametrize("name", sorted({row.name for row in ROWS}))
def test_another_method_is_no_way_in(w, name):
    rows = [row for row in ROWS if row.name == name]
    for method, used in (("get", any(not row.post for row in rows)), ("post", any(row.post for row in rows))):
        if not used:
            row = rows[0]
            answer = ask(w, row.may.split()[0], row, method=method, sent={} if method == "post" else None)
            assert (method, answer.status, answer.verbs) == (method, 405, [])


GARBAGE = ("x", "%' OR 1=1 --\x00" + "é" * 200, "9" * 20)
ASKED_FOR = (
    "q", "words", "page", "streams", "unit", "task", "at", "under", "draft", "hand_over", "template", "state", "kind",
    "trouble", "level", "wing", "sort", "show", "only", "tier", "next", "past", "skill", "drive", "matter",
    "why", "keep", "check",
)  # fmt: skip


def garbled(names: Iterable[str]) -> Iterator[dict[str, str]]:
    """Each name with each of GARBAGE, all names at once and mixed."""
    for turn in range(len(GARBAGE)):
        yield {name: GARBAGE[(turn + place) % len(GARBAGE)] for place, name in enumerate(names)}


@pytest.mark.parametrize("row", [row for row in ROWS if not row.post], ids=lambda row: row.id)
def test_a_garbled_address_is_no_fault_of_ours(w, row):
    who = row.may.split()[0]
    for query in garbled(ASKED_FOR):
        assert ask(w, who, row, query=query).status < 500, query


@pytest.mark.parametrize("row", [row for row in ROWS if row.post], ids=lambda row: row.id)
def test_a_garbled_form_is_no_fault_of_ours(w, row):
    who, fields = row.may.split()[0], row.post(w)
    sent = GARBAGE if isinstance(fields, bytes) else list(garbled(fields)) if fields else []
    for words in sent:
        assert ask(w, who, row, sent=words.encode() if isinstance(words, str) else words).status < 500, words
    assert ask(w, who, row, sent=b"\xff\xfe{" if isinstance(fields, bytes) else {}).status < 500


# --- the table is whole ---


def addresses(resolver: URLResolver | None = None, spaces: tuple[str, ...] = ()) -> list[str]:
    """Names of all addresses, `room:view`."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found += addresses(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        else:
            found.append(":".join((*spaces, str(entry.name))))
    return found


def patterns(resolver: URLResolver | None = None, before: str = "") -> list[str]:
    """Every address as it is matched."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        whole = before + str(entry.pattern)
        found += patterns(entry, whole) if isinstance(entry, URLResolver) else [whole]
    return found


def test_no_address_stands_in_front_of_another_room_s():
    found = patterns()
    assert sorted({one for one in found if found.count(one) > 1}) == []


def without_a_row(names: list[str], rows: list[Row]) -> list[str]:
    """The lines that `urls.py` lacks."""
    known = {row.name for row in rows}
    open_names = [n for n in names if n not in known and not any(n.startswith(left) for left in LEFT_OUT)]
    return [f'Row("{name}", "<who may>", ref("<thing of world.py>")),' for name in open_names]


def test_every_address_has_its_row():
    missing = without_a_row(addresses(), ROWS)
    assert not missing, "add to tests/house/urls.py:\n" + "\n".join(missing)


def test_no_row_is_of_an_address_that_is_gone():
    names = addresses()
    assert {row.name for row in ROWS} - set(names) == set()
    assert [left for left in LEFT_OUT if not any(name.startswith(left) for name in names)] == []


def test_an_address_without_a_row_is_noticed():
    assert without_a_row(["tasks:leak"], ROWS) == ['Row("tasks:leak", "<who may>", ref("<thing of world.py>")),']
    gone = [row for row in ROWS if row.name != "tasks:photo"]
    assert without_a_row(addresses(), gone) == ['Row("tasks:photo", "<who may>", ref("<thing of world.py>")),']
