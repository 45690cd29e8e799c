"""The adapter against a real server: every way an answer can go wrong."""

import httpx
import pytest

from toli.delivery.providers import Outgoing, SendFault
from toli.delivery.providers.sms.adapter import SmsHttp
from toli.delivery.providers.sms.local_server import SmsServer

OUT = Outgoing("+911000000003", "नमस्ते", "TOLIXX", "1107", "m-1")


@pytest.fixture
def server():
    made = SmsServer(token="t").start()
    yield made
    made.stop()


def send(server, *, token="t", timeout=1.0, out=OUT):
    return SmsHttp("first", server.url, token).send(out, timeout=timeout)


def test_a_message_arrives_with_header_template_and_text(server):
    taken = send(server)
    [kept] = server.inbox.to("+911000000003")
    assert (kept.text, kept.sender, kept.template_id, kept.id) == ("नमस्ते", "TOLIXX", "1107", taken.provider_ref)


def test_the_same_reference_twice_is_one_message(server):
    assert send(server).provider_ref == send(server).provider_ref
    assert len(server.inbox.to("")) == 1


@pytest.mark.parametrize(
    ("fault", "reason", "final"),
    [
        ("timeout", "timeout", False), ("500", "provider_fault", False), ("garbage", "garbage", False),
        ("empty", "garbage", False), ("429", "too_fast", False), ("refuse", "bad_number", True),
        ("401", "not_authorised", False),
    ],
)  # fmt: skip
def test_each_fault_of_a_provider_has_its_reason(server, fault, reason, final):
    server.speaker.faults = [fault]
    with pytest.raises(SendFault) as raised:
        send(server)
    assert (raised.value.reason, raised.value.final) == (reason, final)


def test_a_message_taken_before_the_line_broke_is_not_doubled_by_the_next_try(server):
    server.speaker.faults = ["hang_after"]
    with pytest.raises(SendFault):
        send(server)
    send(server)
    assert len(server.inbox.to("")) == 1


def test_an_acknowledgement_given_twice_is_one_message(server):
    server.speaker.faults = ["twice"]
    send(server)
    assert len(server.inbox.to("")) == 1


def test_a_closed_port_and_a_broken_address_are_unreachable(server):
    for url in ("http://127.0.0.1:9/", "http://", "not an address"):
        with pytest.raises(SendFault) as raised:
            SmsHttp("first", url).send(OUT, timeout=0.4)
        assert raised.value.reason == "unreachable"


def test_an_endless_answer_is_cut_off():
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Endless(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(1000):
                    self.wfile.write(b"x" * 10000)
            except OSError:
                pass

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Endless)
    threading.Thread(target=server.handle_request, daemon=True).start()
    with pytest.raises(SendFault) as raised:
        SmsHttp("first", f"http://127.0.0.1:{server.server_port}/").send(OUT, timeout=2)
    assert raised.value.reason == "garbage"
    server.server_close()


def test_an_answer_that_drips_in_is_given_up():
    import threading
    import time
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Drip(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(100):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.1)
            except OSError:
                pass

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Drip)
    threading.Thread(target=server.handle_request, daemon=True).start()
    with pytest.raises(SendFault) as raised:
        SmsHttp("first", f"http://127.0.0.1:{server.server_port}/").send(OUT, timeout=0.5)
    assert raised.value.reason == "timeout"
    server.server_close()


def test_faults_are_switched_on_and_the_inbox_emptied_by_request(server):
    httpx.post(f"{server.url}faults", json={"mode": "500", "times": 2})
    for _ in range(2):
        with pytest.raises(SendFault):
            send(server)
    send(server)
    assert httpx.post(f"{server.url}faults", json={"mode": "flood"}).status_code == 400
    found = httpx.get(f"{server.url}inbox", params={"to": "+911000000003", "format": "json"}).json()
    assert [message["text"] for message in found["messages"]] == ["नमस्ते"]
    page = httpx.get(f"{server.url}inbox").text
    assert "नमस्ते" in page
    httpx.delete(f"{server.url}inbox")
    assert server.inbox.to("") == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"to": 5}', b"\xff" * 40])
def test_the_local_server_answers_nonsense_with_an_error(server, body):
    answer = httpx.post(server.url, content=body, headers={"Authorization": "Bearer t"})
    assert answer.status_code in (400, 422)


def test_the_inbox_page_shows_texts_as_text(server):
    send(server, out=Outgoing("+911000000003", "<script>alert(1)</script>", "TOLIXX", "1", "m-9"))
    assert "<script>" not in httpx.get(f"{server.url}inbox?to=%22%3E%3Cscript%3E").text
    assert "<script>" not in httpx.get(f"{server.url}inbox").text


def test_a_gateway_that_asks_for_no_token_gets_none():
    server = SmsServer().start()
    assert SmsHttp("first", server.url).send(OUT, timeout=1).provider_ref
    server.stop()


def test_neither_number_nor_text_nor_token_is_printed():
    assert "1000000003" not in repr(OUT)
    assert "नमस्ते" not in repr(OUT)
    assert "secret" not in repr(SmsHttp("first", "http://127.0.0.1/", "secret"))


@pytest.mark.parametrize(
    ("url", "local"),
    [("http://127.0.0.1:8002/", True), ("http://localhost/", True), ("http://[::1]/", True),
     ("https://sms.example.in/", False), ("http://127.0.0.1.example.in/", False), ("", False)],
)  # fmt: skip
def test_only_this_machine_is_local(url, local):
    assert SmsHttp("first", url).is_local is local
