import gzip
import signal
import subprocess
import sys
import time

import httpx
import pytest
from tests.pulse.conftest import BODY, put

from toli.broadcasts.models import Document
from toli.broadcasts.pulse import address
from toli.broadcasts.pulse.page import is_match, takes_gzip


def test_the_pulse_imports_no_django():
    code = (
        "import sys; import toli.broadcasts.pulse.server;"
        " print([m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg_pool')])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


def test_a_document_is_served_with_its_tag_and_a_short_life(pulse):
    put()
    answer = pulse.wait_for(200, pulse.path())
    assert answer.content == BODY
    assert answer.headers["etag"] == 'W/"abc"'
    assert answer.headers["cache-control"] == "public, max-age=5, must-revalidate"
    assert "stale" not in answer.headers["cache-control"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"


def test_who_has_it_already_gets_304(pulse):
    put()
    pulse.wait_for(200, pulse.path())
    for tag in ('W/"abc"', '"abc"', '"x", W/"abc"', "*"):
        for _ in range(3):  # remembered requests answer alike
            answer = pulse.get(pulse.path(), **{"If-None-Match": tag})
            assert (answer.status_code, answer.content) == (304, b""), tag
    assert pulse.get(pulse.path(), **{"If-None-Match": 'W/"other"'}).status_code == 200


def test_a_remembered_request_gets_the_new_words_at_once(pulse):
    put()
    pulse.wait_for(200, pulse.path())
    raw = f'GET {pulse.path()} HTTP/1.1\r\nHost: x\r\nIf-None-Match: W/"abc"\r\n\r\n'.encode()
    assert pulse.speak(raw).startswith(b"HTTP/1.1 304")
    assert pulse.speak(raw).startswith(b"HTTP/1.1 304")
    put(body=b'{"new":1}', version=2, etag="def")
    pulse.wait(lambda: pulse.get(pulse.path()).headers["etag"] == 'W/"def"')
    assert pulse.speak(raw).endswith(b'\r\n\r\n{"new":1}')


def test_an_answer_without_gzip_for_who_does_not_take_it(pulse):
    put()
    pulse.wait_for(200, pulse.path())
    plain = pulse.get(pulse.path(), **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == BODY
    raw = pulse.speak(f"GET {pulse.path()} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n".encode())
    assert gzip.decompress(raw.split(b"\r\n\r\n", 1)[1]) == BODY


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/s/1.workers.hi/99999999999/AAAAAAAAAAAAAAAAAAAAAA", 403),
        ("/", 403),
        ("/s/", 403),
        ("/s/%00%ff/1/x", 403),
    ],
)
def test_an_address_we_did_not_sign_is_refused(pulse, path, status):
    put()
    pulse.wait_for(200, pulse.path())
    assert pulse.get(path).status_code == status


def test_a_changed_address_is_refused(pulse):
    put()
    pulse.wait_for(200, pulse.path())
    _, kind, _stream, expires, signature = pulse.path().split("/")
    assert pulse.get(f"/{kind}/2.workers.hi/{expires}/{signature}").status_code == 403
    assert pulse.get(f"/{kind}/1.workers.hi/{int(expires) + 1}/{signature}").status_code == 403
    assert pulse.get(pulse.path() + "?x=1").status_code == 403


def test_an_address_ends(pulse):
    put()
    pulse.wait_for(200, pulse.path())
    assert pulse.get(pulse.path(now=time.time() - 2 * address.STREAM_LIFE)).status_code == 410


def test_a_stream_that_is_not_there(pulse):
    put()
    pulse.wait_for(200, pulse.path())
    assert pulse.get(pulse.path("7.workers.hi")).status_code == 404


def test_a_stream_that_was_taken_away(pulse):
    put()
    pulse.wait_for(200, pulse.path())
    raw = f"GET {pulse.path()} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    assert b" 200 OK" in pulse.speak(raw)
    Document.objects.all().delete()
    pulse.wait_for(404, pulse.path())
    assert b" 404 " in pulse.speak(raw)


def test_nothing_is_served_after_the_end_of_a_document(pulse):
    put(seconds=3.2)
    answer = pulse.wait_for(200, pulse.path())
    assert answer.headers["cache-control"] in [f"public, max-age={n}, must-revalidate" for n in (1, 2, 3)]
    raw = f"GET {pulse.path()} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    assert b" 200 OK" in pulse.speak(raw)
    ended = pulse.wait_for(503, pulse.path())
    assert int(ended.headers["retry-after"]) > 0
    assert ended.content == b""
    assert b" 503 " in pulse.speak(raw)
    put(seconds=600, version=2)
    pulse.wait_for(200, pulse.path())


def test_a_pulse_started_during_silence_serves_nothing_that_ended(pulse):
    put(seconds=1)
    pulse.wait_for(200, pulse.path())
    pulse.wait_for(503, pulse.path())
    pulse.stop(signal.SIGKILL)
    pulse.start()
    pulse.wait(lambda: pulse.get("/health").json()["streams"] == 1)
    assert pulse.get(pulse.path()).status_code == 503


def test_a_lost_wake_up_costs_at_most_a_second_or_two(pulse):
    put()
    pulse.wait_for(200, pulse.path())
    Document.objects.update(version=2, body=b"{}", etag="quiet")
    started = time.monotonic()
    pulse.wait(lambda: pulse.get(pulse.path()).headers["etag"] == 'W/"quiet"')
    assert time.monotonic() - started < 3


def test_a_wake_up_is_served_in_less_than_the_second(pulse):
    put()
    pulse.wait_for(200, pulse.path())
    took = []
    for version in range(2, 12):
        started = time.monotonic()
        put(version=version, etag=f"v{version}")
        pulse.wait(lambda tag=f'W/"v{version}"': pulse.get(pulse.path()).headers["etag"] == tag)
        took.append(time.monotonic() - started)
    assert sorted(took)[len(took) // 2] < 0.6


def test_health_says_whether_it_serves(pulse):
    put()
    pulse.wait_for(200, pulse.path())
    told = pulse.get("/health").json()
    assert told["serving"] is True
    assert told["streams"] == 1


def test_before_the_database_answered_nothing_is_served(transactional_db):
    from tests.pulse.conftest import running

    with running("postgresql://nobody@/nothing?host=/nonexistent") as lonely:
        assert lonely.get("/health").status_code == 503
        answer = lonely.get(lonely.path())
        assert answer.status_code == 503
        assert "retry-after" in answer.headers
        assert lonely.stop() == 0


def test_sigterm_ends_it_in_order(pulse):
    put()
    pulse.wait_for(200, pulse.path())
    with httpx.Client(base_url=pulse.origin) as kept_alive:
        assert kept_alive.get(pulse.path()).status_code == 200
        started = time.monotonic()
        assert pulse.stop() == 0
        assert time.monotonic() - started < 5


def test_matching_of_tags_and_encodings():
    assert is_match(b'"a", W/"b"', b'W/"b"')
    assert not is_match(b'"a"', b'W/"b"')
    assert takes_gzip(b"br, GZIP;q=0.5")
    assert not takes_gzip(b"gzip;q=0, identity")
    assert not takes_gzip(b"br")


def test_time_passes_for_a_document_whatever_the_clock_of_this_machine_says(monkeypatch):
    from toli.broadcasts.pulse import hub as module
    from toli.broadcasts.pulse.limits import Limits
    from toli.broadcasts.pulse.page import Document as Paper
    from toli.broadcasts.pulse.receipts import Inbox

    now = [1000.0]
    monkeypatch.setattr(module, "clock", lambda: now[0])
    hub = module.Hub(key=b"k", inbox=Inbox(rows=9, per_reader=1), limits=Limits())
    hub.set_clock(50_000.0, asked_at=999.9, answered_at=1000.0)
    hub.saw_database()
    hub.put(Paper("s", 1, b"{}", b"t", 50_010.0 - hub.offset))
    page = hub.pages["s"]
    assert page.freshen(now[0])
    hub.set_clock(50_000.3, asked_at=999.0, answered_at=1000.0)  # a slow answer says nothing new
    assert hub.pages["s"].freshen(now[0])
    hub.set_clock(50_011.0, asked_at=999.9, answered_at=1000.0)  # the database's clock is ahead: its word counts
    assert not page.freshen(now[0])
    now[0] += 31
    assert hub.is_dark(now[0])
