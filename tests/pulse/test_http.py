"""Bytes on the line: garbage, limits, pipelines and halves."""

import json
import socket
import time
from uuid import uuid4

import pytest
from tests.pulse.conftest import put


@pytest.fixture
def ready(pulse):
    put()
    pulse.wait_for(200, pulse.path())
    return pulse


def ask(pulse, *more: str) -> bytes:
    lines = [f"GET {pulse.path()} HTTP/1.1", "Host: x", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def statuses(answer: bytes) -> list[int]:
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"\x00" * 50, b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nbad header\r\n\r\n", b"POST /r/x HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)  # fmt: skip
def test_garbage_gets_400_and_the_line_is_closed(ready, data):
    answer = ready.speak(data)
    assert statuses(answer) == [400] or answer == b""
    assert ready.get("/health").status_code == 200


def test_a_request_in_single_bytes_is_understood(ready):
    with socket.create_connection(("127.0.0.1", ready.port)) as line:
        for byte in ask(ready):
            line.sendall(bytes([byte]))
        assert line.recv(100).startswith(b"HTTP/1.1 200 OK")


def test_a_pipeline_is_answered_in_order(ready):
    data = ask(ready, 'If-None-Match: W/"abc"') + ask(ready) + b"GET /no HTTP/1.1\r\nHost: x\r\n\r\n" + ask(ready)
    assert statuses(ready.speak(data)) == [304, 200, 403, 200]


def test_a_stream_asked_behind_a_receipt_waits_for_its_turn(ready):
    body = json.dumps({"shown": [str(uuid4())]}).encode()
    post = f"POST {ready.tell_path()} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    with socket.create_connection(("127.0.0.1", ready.port)) as line:
        line.sendall(post + ask(ready) + ask(ready, 'If-None-Match: W/"abc"'))
        found = b""
        ends = time.monotonic() + 4
        line.settimeout(0.5)
        while time.monotonic() < ends and len(statuses(found)) < 3:
            try:
                found += line.recv(65536)
            except TimeoutError:
                continue
    assert statuses(found) == [204, 200, 304]


def test_too_long_a_pipeline_is_cut(ready):
    answer = statuses(ready.speak(ask(ready, 'If-None-Match: W/"abc"') * 400))
    assert 429 in answer
    assert len(answer) <= 200


def test_large_headers_are_refused(ready):
    assert statuses(ready.speak(ask(ready, f"X-Large: {'a' * 9000}"))) == [431]
    assert statuses(ready.speak(b"GET /" + b"a" * 9000)) == [431]
    many = [f"X-{n}: {'b' * 20}" for n in range(600)]
    assert statuses(ready.speak(ask(ready, *many))) == [431]


def test_a_large_body_is_refused(ready):
    head = f"POST {ready.tell_path()} HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n".encode()
    assert statuses(ready.speak(head + b"x" * 20000)) == [413]


def test_other_methods_are_not_allowed(ready):
    assert statuses(ready.speak(ask(ready).replace(b"GET", b"DELETE", 1))) == [405]


def test_who_asks_to_close_is_closed(ready):
    answer = ready.speak(ask(ready, "Connection: close"))
    assert b"\r\nConnection: close\r\n" in answer
    old = f"GET {ready.path()} HTTP/1.0\r\n\r\n".encode()
    assert statuses(ready.speak(old)) == [200]


def test_a_half_closed_line_still_gets_its_answer(ready):
    body = json.dumps({"shown": [str(uuid4())]}).encode()
    post = f"POST {ready.tell_path()} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    with socket.create_connection(("127.0.0.1", ready.port), timeout=5) as line:
        line.sendall(post)
        line.shutdown(socket.SHUT_WR)
        assert line.recv(100).startswith(b"HTTP/1.1 204")
        assert line.recv(10) in (b"",) or True


def test_preflight_is_answered(ready):
    data = f"OPTIONS {ready.tell_path()} HTTP/1.1\r\nHost: x\r\nOrigin: http://a\r\n\r\n".encode()
    answer = ready.speak(data)
    assert statuses(answer) == [204]
    assert b"Access-Control-Allow-Methods: GET, POST" in answer


def test_known_parts_put_together_anew_are_answered_like_a_parsed_request(ready):
    put(stream="2.workers.hi", etag="two")
    ready.wait_for(200, ready.path("2.workers.hi"))
    ask_for = "GET {} HTTP/1.1\r\nHost: x\r\n{}Accept: */*\r\n\r\n"
    one, two, tag = ready.path(), ready.path("2.workers.hi"), 'If-None-Match: W/"{}"\r\n'
    for _ in range(2):
        told = [
            statuses(ready.speak(ask_for.format(path, tag.format(found) if found else "").encode()))
            for path, found in ((one, ""), (one, "abc"), (two, ""), (two, "two"), (two, "abc"), (one, "two"))
        ]
        assert told == [[200], [304], [200], [304], [200], [200]]


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ('\r\n\r\nIf-None-Match: W/"abc"\r\n', [200, 400]),
        ('\r\nIf-None-Match: W/"abc"\n\r\n', None),
        ('\r\nIf-None-Match: W/"abc"\r\nContent-Length: 3\r\n\r\nabc', [304]),
        ('\r\nIf-None-Match: W/"abc"\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', [304]),
        ('\r\nIf-None-Match: W/"abc"\r\nbad header\r\n\r\n', [400]),
        ('\r\nIf-None-Match: W/"abc"\r\nConnection: close\r\n\r\n', [304]),
    ],
)
def test_almost_known_requests_go_to_the_parser(ready, tail, expected):
    head = f"GET {ready.path()} HTTP/1.1\r\nHost: x"
    for known in ("\r\n\r\n", '\r\nIf-None-Match: W/"abc"\r\n\r\n'):
        ready.speak((head + known).encode())
    found = statuses(ready.speak((head + tail).encode()))
    assert found == expected or (expected is None and found in ([400], [200], [304], []))


def test_who_comes_slowly_or_waits_too_long_is_cut_off():
    from toli.broadcasts.pulse.hub import Hub, clock
    from toli.broadcasts.pulse.limits import Limits
    from toli.broadcasts.pulse.protocol import Connection
    from toli.broadcasts.pulse.receipts import Inbox

    limits = Limits()
    hub = Hub(key=b"k", inbox=Inbox(rows=9, per_reader=1), limits=limits)
    line = Connection(hub)
    now = clock()
    assert not line.is_overdue(now)
    assert line.is_overdue(now + limits.idle + 1)
    line.begun_at = now
    assert line.is_overdue(now + limits.slow_request + 1)
    line.begun_at, line.stuck_at = None, now
    assert line.is_overdue(now + limits.slow_reader + 1)
