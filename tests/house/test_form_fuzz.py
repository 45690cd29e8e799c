"""Every form of the table, sent wrongly: by everybody, with values nobody types, in shapes no browser sends.

Never a fault of ours, never a trace of the code, always a page with a sentence, and nothing recorded for whoever may
not, or outside the charge of whoever may. More, and new ones each time: `--hypothesis-profile=nightly`.
"""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote_from_bytes
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Watch
from tests.fuzzing import examples
from tests.house import world
from tests.house.test_urls import MISSING, NO_PICTURE, Answer, answer_of, db, is_ref, rows_written, undone, w  # noqa: F401
from tests.house.urls import CAST, ROWS, Row

EVERYBODY = (*CAST, "newcomer")
FORMS = [row for row in ROWS if row.post]
BOUNDARY = "x7MA4YWxk"

# --- values ---

ODD = (
    "", " ", "\x00", "a\x00b", "\u202e\u2066evil", "\ufeff", "\ud800", "\udfff\ud800",
    "१२३४५६", "９９９", "²", "½", "Ⅷ",
    "-1", "0", "1e400", "NaN", "Infinity", "-0", "9" * 5, "9" * 19, "9" * 25, "9" * 5000, "-" + "9" * 25, "0x1f",
    "true", "null", "[]", "{}", "[object Object]", "undefined", "%00", "%s%n", "%(x)s", "{0}", "{{7*7}}", "${7*7}",
    "' OR 1=1 --", "'; DROP TABLE org_unit; --", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "javascript:alert(1)", "//evil.example", "https://evil.example/", "/\\evil.example", "../../../etc/passwd",
    "2031-02-30", "0000-00-00", "9999-12-31T23:59", "10000-01-01", "1-1-1T99:99", "2031-01-01T24:00", "-1-01-01",
    "2031-04-17T10:00+99:99", "24:00", "7:7:7:7", "२०३१-०४-१७", "not-a-uuid", str(UUID(int=0)),
    str(UUID(int=2**128 - 1)),
    "é" * 300, "क" * 20000, "\u0915\u094d" * 500, "a\u0301" * 200, "\r\nSet-Cookie: x=1", "\n" * 300, "\t", "\u2028",
    "😀" * 50, "+91 1000000000", "+911000000099999999999", "00000", "=cmd|' /C calc'!A0", "on", "off", ",", ";", "*",
    "a,b," * 500,
)  # fmt: skip
odd = st.one_of(
    st.sampled_from(ODD),
    st.text(max_size=30),
    st.text(alphabet=st.characters(min_codepoint=0x900, max_codepoint=0x97F), max_size=20),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes().map(lambda at: at.isoformat()),
)


def existing_refs(w: SimpleNamespace) -> list[str]:  # noqa: F811
    """Refs of true things of every kind, so that a form names what it should not."""
    found = [thing.ref for thing in vars(w).values() if isinstance(getattr(thing, "ref", None), UUID)]
    found += [unit.ref for unit in vars(w.tree).values() if isinstance(getattr(unit, "ref", None), UUID)]
    found += [
        member.person.ref for member in vars(w).values() if hasattr(member, "person") and hasattr(member, "number")
    ]
    found += [m.appointment.ref for m in vars(w).values() if getattr(m, "appointment", None) is not None]
    return sorted({str(ref) for ref in found})


# --- shapes ---


@st.composite
def bodies(draw: Any, fields: dict[str, Any], refs: list[str]) -> tuple[bytes, str]:
    """A body and its content type: the form as it should be, with what is wrong drawn."""
    pairs = draw(_pairs(fields, refs))
    shape = draw(st.sampled_from(["form"] * 6 + ["multipart"] * 3 + ["json", "broken", "text", "xml", "none", "deep"]))
    if shape == "form":
        return urlencoded(pairs), draw(
            st.sampled_from(
                ["application/x-www-form-urlencoded"] * 4 + ["application/x-www-form-urlencoded; charset=x"]
            )
        )
    if shape in ("multipart", "broken"):
        whole = multipart(pairs, draw)
        if shape == "broken":
            whole = whole[: draw(st.integers(0, len(whole)))] + draw(st.binary(max_size=20))
        boundary = draw(st.sampled_from([BOUNDARY] * 6 + ["", "x" * 300, "क"]))
        return whole, f"multipart/form-data; boundary={boundary}"
    if shape == "json":
        return json.dumps(dict(pairs), default=as_text).encode(), "application/json"
    if shape == "deep":
        return b"[" * 20_000, draw(
            st.sampled_from(["application/json", "text/json", "application/x-www-form-urlencoded"])
        )
    return urlencoded(pairs), {"text": "text/plain", "xml": "application/xml", "none": ""}[shape]


@st.composite
def _pairs(draw: Any, fields: dict[str, Any], refs: list[str]) -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for name, value in fields.items():
        values = value if isinstance(value, list | tuple) else [value]
        match draw(st.sampled_from("ssssoooormdf")):
            case "s":
                pairs += [(name, one) for one in values]
            case "o":
                pairs.append((name, draw(odd)))
            case "r":
                pairs.append((name, draw(st.sampled_from(refs))))
            case "d":
                pairs += [(name, one) for one in (*values, draw(odd), draw(st.sampled_from(refs)))]
            case "f":
                pairs.append((name, SimpleUploadedFile("x.jpg", draw(st.binary(max_size=40)))))
            case _:
                pass
    extra = st.tuples(
        st.one_of(st.sampled_from(["ref", "next", "id", "pk", "unit", "person", "file", "photo"]), odd), odd
    )
    return pairs + draw(st.lists(extra, max_size=2))


def as_bytes(value: Any) -> bytes:
    return value.read() if hasattr(value, "read") else str(value).encode("utf-8", "surrogatepass")


def as_text(value: Any) -> str:
    """A ref or a file as JSON can say it."""
    return as_bytes(value).decode("utf-8", "replace")


def urlencoded(pairs: list[tuple[str, Any]]) -> bytes:
    return "&".join(f"{quote_from_bytes(as_bytes(n))}={quote_from_bytes(as_bytes(v))}" for n, v in pairs).encode()


def multipart(pairs: list[tuple[str, Any]], draw: Any) -> bytes:
    parts = []
    for name, value in pairs:
        is_file = hasattr(value, "read") or draw(st.integers(0, 9)) == 0
        label = as_bytes(name).replace(b'"', b"%22").replace(b"\r", b"").replace(b"\n", b"")
        file = b'; filename="../x\xff.jpg"\r\nContent-Type: image/svg+xml' if is_file else b""
        parts.append(b'--%b\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n' % (
            BOUNDARY.encode(), label, file, as_bytes(value)
        ))  # fmt: skip
    return b"".join(parts) + b"--%b--\r\n" % BOUNDARY.encode()


arguments = st.sampled_from(["own"] * 6 + ["missing", "foreign"])
heads = st.fixed_dictionaries(
    {},
    optional={
        "HX-Request": st.sampled_from(["true", "x"]),
        "Referer": st.sampled_from(
            ["https://evil.example/x", "javascript:alert(1)", "\u0915", "http://testserver/desk/"]
        ),
        "Accept-Language": st.sampled_from(["hi", "xx", "*", "en;q=9" * 200]),
        "X-Forwarded-For": st.sampled_from(["127.0.0.1", "x"]),
        "X-Signature": st.sampled_from(["", "0", "क", "a" * 64]),
        "Cookie": st.sampled_from(["toli_device=a.b", "toli_device=.", "messages=x; toli_saver=1", "toli=x"]),
    },
)


@st.composite
def attempts(draw: Any, row: Row, w: SimpleNamespace, refs: list[str]) -> dict[str, Any]:  # noqa: F811
    """Who sends what to which of the addresses of a row."""
    may = row.may.split()
    who = draw(st.sampled_from([*may[:2], *EVERYBODY]))
    args = row.args(w)
    if args and is_ref(args[-1]):
        match draw(arguments):
            case "missing":
                args = [*args[:-1], MISSING if isinstance(args[-1], UUID) else NO_PICTURE]
            case "foreign" if isinstance(args[-1], UUID):
                args = [*args[:-1], UUID(draw(st.sampled_from(refs)))]
    fields = row.post(w)
    if isinstance(fields, bytes):
        sent = draw(st.one_of(st.binary(max_size=300), odd.map(as_bytes), st.just(b"[" * 20_000), st.just(fields)))
        body = (sent, draw(st.sampled_from(["application/json", "text/plain", ""])))
    else:
        body = draw(bodies(fields, refs))
    return {"who": who, "args": args, "body": body, "headers": draw(heads), "foreign": args != row.args(w)}


# --- what comes of it ---


def send(w: SimpleNamespace, row: Row, tried: dict[str, Any]) -> tuple[Answer, list[tuple[str, str, str]]]:  # noqa: F811
    """The answer, and what was recorded: verb, path of the unit, seat's own. All of it is undone."""
    client = world.browser(w, tried["who"])
    client.raise_request_exception = False
    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    headers = dict(tried["headers"])
    extra = {"HTTP_COOKIE": headers.pop("Cookie")} if tried["who"] == "anonymous" and "Cookie" in headers else {}
    headers.pop("Cookie", None)
    body, kind = tried["body"]
    with undone():
        seen, before = Watch(), rows_written()
        response = client.generic(
            "POST", reverse(row.name, args=tried["args"]), body, content_type=kind, headers=headers, **extra
        )
        answer = answer_of(response, seen, before)
        records = recorded_since(seen)
    client.cookies.load(kept)
    for name in set(client.cookies) - set(kept):
        del client.cookies[name]
    return answer, records


def recorded_since(seen: Watch) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT verb, coalesce(unit_path, '') FROM audit_record WHERE id > %s ORDER BY id", [seen.records]
        )
        return cursor.fetchall()


TRACES = re.compile(r"Traceback \(most recent|psycopg\.|django\.core\.|/site-packages/|ProgrammingError|DataError")


def charge_of(w: SimpleNamespace, who: str) -> str:  # noqa: F811
    """The path under which this member may act; their home for who has no seat."""
    member = getattr(w, who, None)
    seat = getattr(member, "seat", None)
    return seat.unit.path if seat else w.tree.booth.path


def check(w: SimpleNamespace, row: Row, tried: dict[str, Any], answer: Answer, records: list[Any]) -> None:  # noqa: F811
    said = answer.text
    assert answer.status < 500, said[-1500:]
    assert not TRACES.search(said), said[-1500:]
    assert "evil.example" not in answer.location
    assert "\n" not in answer.location
    if answer.status >= 400:
        assert len(re.sub(r"<[^>]*>", "", said).strip()) > 10, (answer.status, said)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if is_page and answer.status != 405:
            assert "data-error" in said or "</form>" in said, said[-800:]
        assert answer.verbs == [], "refused, and recorded all the same"
    for raw in ("<script>alert(1)", "<img src=x onerror"):
        assert raw not in said, "what was typed came back as code"
    check_charge(w, row, tried, answer, records)


# Answers to what is offered to oneself, and wishes: they name a unit wherever it lies.
OF_ONESELF = {"org.work_wished", "org.holder_claimed", "org.name_refused", "org.accepted", "org.declined", "org.ended"}


# Any two on duty clear an urgent text, of whatever desk; a group's admins tell of it, wherever its place lies.
OF_WHOEVER_IS_ON_DUTY = {
    ("warroom:urgent_item", "content.approved"),
    ("broadcasts:group_tell", "broadcasts.group_changed"),
    ("broadcasts:group_posted", "broadcasts.posted"),
}


def check_charge(w: SimpleNamespace, row: Row, tried: dict[str, Any], answer: Answer, records: list[Any]) -> None:  # noqa: F811
    """Nothing is recorded for whoever may not; nothing outside the charge of whoever may."""
    who = tried["who"]
    could = who in row.may.split() or row.others.get(who, 404) < 400 or row.others.get(who) == 422 or tried["foreign"]
    if not could and who != "newcomer":
        assert (answer.verbs, answer.sent) == ([], 0), who
    if who in ("anonymous", "newcomer"):
        assert all(
            verb.split(".")[0] in ("accounts", "people", "recruitment", "consent", "delivery") for verb in answer.verbs
        )
        return
    for verb, path in records:
        own = verb in OF_ONESELF or (row.name, verb) in OF_WHOEVER_IS_ON_DUTY
        own = own or verb.split(".")[0] in ("accounts", "people", "consent", "recruitment", "volunteer")
        assert own or not path or path.startswith(charge_of(w, who)), (who, verb, path)


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row.name)
def test_a_form_sent_wrongly_is_a_page_with_a_sentence_and_changes_nothing_of_others(w, row):  # noqa: F811
    refs = existing_refs(w)

    @examples(4)
    @given(tried=attempts(row, w, refs))
    def try_it(tried: dict[str, Any]) -> None:
        answer, records = send(w, row, tried)
        check(w, row, tried, answer, records)

    try_it()


def test_the_checks_above_can_fail(w):  # noqa: F811
    row = next(row for row in FORMS if row.name == "tasks:verify")
    tried = {"who": "dev", "args": row.args(w), "body": (b"", ""), "headers": {}, "foreign": False}
    answer, records = send(w, row, {**tried, "who": "bilal"})
    assert answer.verbs == ["tasks.verified"]
    with pytest.raises(AssertionError):
        check(w, row, tried, answer, records)
    with pytest.raises(AssertionError):
        check_charge(w, row, {**tried, "foreign": True}, answer, records)
