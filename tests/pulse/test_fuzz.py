"""Any bytes on the line, cut anywhere: the parser never falls, answers in form, and remembering changes no answer.

More examples: `--hypothesis-profile=nightly`.
"""

from __future__ import annotations

import json
import re
import time
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzzing import examples

from toli.broadcasts.pulse import address
from toli.broadcasts.pulse.hub import Hub, clock
from toli.broadcasts.pulse.limits import Limits
from toli.broadcasts.pulse.page import Document, Page
from toli.broadcasts.pulse.protocol import Connection
from toli.broadcasts.pulse.receipts import CHANNELS, BadReceipt, Fate, Inbox, parse

KEY = b"k" * 32
NOW = int(time.time()) + 24 * 3600
"""The addresses are signed when this file is read, and used when its turn comes in a run: they last longer than it."""
STREAM = address.stream_path(KEY, stream="1.workers.hi", now=NOW).encode()
TELL = address.receipt_path(KEY, stream="1.workers.hi", unit_id=1, reader="r", expires=NOW + 600).encode()
BODY = json.dumps({"shown": [str(UUID(int=1))], "shared": [[str(UUID(int=2)), "copy"]]}).encode()
KNOWN = {200, 204, 304, 400, 403, 404, 405, 410, 413, 429, 431, 503}


class Line:
    """The other end of a connection: keeps what was written."""

    def __init__(self) -> None:
        self.data, self.closed = b"", False

    def write(self, data: bytes) -> None:
        assert not self.closed, "nothing is written after the end"
        self.data += data

    def close(self) -> None:
        self.closed = True

    abort = close

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


def hub(*, remembered: int) -> Hub:
    limits = Limits(remembered=remembered)
    made = Hub(key=KEY, inbox=Inbox(rows=limits.receipts_waiting, per_reader=1000), limits=limits)
    made.pages["1.workers.hi"] = Page(Document("1.workers.hi", 1, b'{"items":[]}' + b" " * 200, b"abc", clock() + 900))
    made.saw_database()
    made.dark_at = clock() + 900
    return made


def speak(to: Hub, chunks: list[bytes]) -> tuple[bytes, bool]:
    """What one connection answers to these chunks; receipts are written between them."""
    line, connection = Line(), Connection(to)
    connection.connection_made(line)
    for chunk in chunks:
        if line.closed:
            break
        connection.data_received(chunk)
        to.inbox.finish(to.inbox.take(), Fate.WRITTEN)
    connection.connection_lost(None)
    assert connection not in to.connections
    return re.sub(rb"Date: [^\r]*\r\n", b"", line.data), line.closed


# --- what is said ---

words = st.sampled_from(
    [b"", b"x", b"\x00", b"\xff", b"%00", b"../", "टोली".encode(), "१".encode(), b"9" * 30, b"-1", b"a" * 9000]
)
methods = st.sampled_from([b"GET", b"POST", b"OPTIONS", b"HEAD", b"PUT", b"get", b"PRI", b"CONNECT", b"G\x00T"])
targets = st.one_of(
    st.sampled_from(
        [STREAM, TELL, b"/health", b"/", b"*", b"http://x" + STREAM, STREAM + b"?a=1", STREAM[:-1], TELL[3:]]
    ),
    st.builds(lambda at, word: STREAM[:at] + word + STREAM[at:], st.integers(0, len(STREAM)), words),
    st.builds(lambda at, word: TELL[:at] + word + TELL[at + 1 :], st.integers(0, len(TELL)), words),
)
headers = st.lists(
    st.one_of(
        st.sampled_from(
            [
                b"Host: x", b'If-None-Match: W/"abc"', b"If-None-Match: *", b'If-None-Match: W/"abc", "x"',
                b"Accept-Encoding: gzip", b"Accept-Encoding: gzip;q=0", b"Connection: close", b"Upgrade: websocket",
                b"Connection: upgrade", b"Expect: 100-continue", b"Transfer-Encoding: chunked", b"Content-Length: 0",
                b"Content-Length: 5", b"Content-Length: 99999999", b"Content-Length: -1", b" folded", b"no colon",
            ]
        ),
        st.builds(lambda name, value: name + b": " + value, words, words),
    ),
    max_size=6,
)  # fmt: skip


@st.composite
def requests(draw) -> bytes:
    """One request, more or less."""
    lines = [b" ".join([draw(methods), draw(targets), draw(st.sampled_from([b"HTTP/1.1", b"HTTP/1.0", b"HTTP/9"]))])]
    lines += draw(headers)
    body = draw(st.sampled_from([b"", BODY, BODY[:-3], b"5\r\nhello\r\n0\r\n\r\n"]))
    if draw(st.booleans()):
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@st.composite
def talks(draw) -> list[bytes]:
    """Several requests and rubbish on one line, cut anywhere."""
    whole = b"".join(draw(st.lists(st.one_of(requests(), requests(), st.binary(max_size=60)), min_size=1, max_size=4)))
    cuts = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=3)))
    return [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]


def statuses(answer: bytes) -> list[int]:
    """The statuses of answers in form; nothing may stand between or after them."""
    found = []
    while answer:
        head, end, rest = answer.partition(b"\r\n\r\n")
        assert end, answer[:80]
        found.append(int(re.match(rb"HTTP/1\.1 (\d{3}) [A-Z][A-Za-z ]+\r\n", head + b"\r\n")[1]))
        length = re.search(rb"\r\nContent-Length: (\d+)", head)
        answer = rest[int(length[1]) if length else 0 :]
    return found


@examples(400)
@given(talk=talks())
def test_no_talk_brings_it_down_and_every_answer_is_in_form(talk):
    one = hub(remembered=0)
    answer, closed = speak(one, talk)
    found = statuses(answer)
    assert set(found) <= KNOWN
    if any(status in (400, 413, 431) for status in found[:-1]):
        assert closed, "nothing is answered behind a request that could not be read"
    assert len(one.inbox) == 0


@examples(300)
@given(first=talks(), again=talks())
def test_remembering_requests_changes_no_answer(first, again):
    forgetful, mindful = hub(remembered=0), hub(remembered=64)
    for talk in (first, again, first, first):
        assert speak(mindful, talk) == speak(forgetful, talk)


def test_a_good_request_is_answered_among_them():
    one = hub(remembered=64)
    for _turn in range(3):
        assert statuses(speak(one, [b"GET " + STREAM + b" HTTP/1.1\r\nHost: x\r\n\r\n"])[0]) == [200]
    post = b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (TELL, len(BODY), BODY)
    assert statuses(speak(one, [post])[0]) == [204]
    assert one.inbox.written == 2


# --- receipts ---

leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40), st.just(str(uuid4())),
    st.sampled_from([*sorted(CHANNELS), "१", "\u202e", "9" * 5000]),
)  # fmt: skip
trees = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["shown", "shared", "x"]), inner),
    max_leaves=12,
)
bodies = st.one_of(
    st.binary(max_size=200),
    trees.map(lambda tree: json.dumps(tree).encode("utf-8", "surrogatepass")),
    st.builds(lambda shown, shared: json.dumps({"shown": shown, "shared": shared}).encode(), trees, trees),
    st.sampled_from(
        [b"[" * 4000, b'{"shown":' * 900, b'{"shown": [' + b"9" * 5000 + b"]}", b"\xff\xfe{\x00}\x00", b"null"]
    ),
)


@examples(400)
@given(body=bodies)
def test_a_receipt_is_rows_or_refused(body):
    where = address.read_receipt(KEY, TELL)
    try:
        rows = parse(body, where, Limits().receipt_entries)
    except BadReceipt:
        return
    assert len(rows) <= Limits().receipt_entries
    for row in rows:
        assert isinstance(row.item, UUID)
        assert (row.stream, row.unit_id, row.reader) == ("1.workers.hi", 1, "r"), (
            "only the signed address says who tells"
        )
        assert row.kind in ("shown", "shared")
        assert row.channel in CHANNELS


@examples(200)
@given(path=st.one_of(st.binary(max_size=120), targets), key=st.sampled_from([KEY, b"", b"x" * 32]))
def test_only_what_we_signed_is_an_address(path, key):
    for read, signed in ((address.read_stream, STREAM), (address.read_receipt, TELL)):
        found = read(key, path)
        assert (found is not None) is (key == KEY and path == signed), path


@pytest.mark.parametrize("path", [STREAM, TELL], ids=["stream", "receipt"])
def test_one_changed_letter_is_no_address(path):
    for at in range(len(path)):
        changed = path[:at] + bytes([path[at] ^ 1]) + path[at + 1 :]
        assert address.read_stream(KEY, changed) is None
        assert address.read_receipt(KEY, changed) is None
