"""The door of the join pages on a crowded day: who holds something goes on, everybody else waits in line.

It stands before anybody is looked up, so that a waiting page costs next to nothing: at most one statement for the
ticket when somebody comes, none when they ask again. A process speaks with the database once a second for all of them.
Sending a form, codes, status, offers and every other page never pass here. Whatever goes wrong lets people in.
"""

from __future__ import annotations

import logging
import re
import secrets
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.core import signing
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from toli.accounts import services as accounts
from toli.kit.errors import LimitReached
from toli.recruitment import rules, services, waiting
from toli.recruitment.services.waiting import Seen
from toli.recruitment.waiting import Load
from toli.ui.views import error_page

log = logging.getLogger("toli.waiting")
BEFORE_THE_FORM = re.compile(r"^/join/(?P<key>[-\w]+)/(?P<page>wishes/|form/)?$")
PLACE, PASS = "toli_place", "toli_form"
PLACE_SECONDS = 12 * 3600
PASS_SECONDS = int(rules.PASS_LIFE.total_seconds())
LOOK_EVERY = 1.0
HOLDS = ("holder_id", "login_code", "login_draft", "own_drafts", "camp_pass")
"""What a session of somebody with a status page, a code on its way, a draft or an offer has."""


class Meter:
    """How busy this process is: threads that work, and how long the form takes. Exact also while they still work."""

    def __init__(self, threads: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._threads, self._clock = threads, clock
        self._lock = threading.Lock()
        self._at = self._since = clock()
        self._working = 0
        self._busy = self._form_seconds = 0.0
        self._forms = 0

    def begin(self) -> float:
        with self._lock:
            self._count()
            self._working += 1
            return self._at

    def end(self, began: float, *, form: bool) -> None:
        with self._lock:
            self._count()
            self._working -= 1
            if form:
                self._forms += 1
                self._form_seconds += self._at - began

    def _count(self) -> None:
        now = self._clock()
        self._busy += self._working * (now - self._at)
        self._at = now

    def take(self) -> Load:
        """What was read since the last time."""
        with self._lock:
            self._count()
            passed = max(self._at - self._since, 0.001)
            load = Load(
                busy=min(1.0, self._busy / passed / self._threads),
                form_ms=1000 * self._form_seconds / self._forms if self._forms else 0.0,
                forms=self._forms / passed,
            )
            self._since, self._busy, self._form_seconds, self._forms = self._at, 0.0, 0.0, 0
            return load


class Line:
    """The line as this process knows it: looked up once a second, and only when somebody comes."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._name = secrets.token_hex(8)
        self._lock = threading.Lock()
        self._looked_at = -LOOK_EVERY
        self._seen = Seen()

    def look(self) -> Seen:
        if time.monotonic() - self._looked_at >= LOOK_EVERY and self._lock.acquire(blocking=False):
            try:
                self._looked_at = time.monotonic()
                self._seen = services.report_and_look(process=self._name, load=self._meter.take())
            except Error:
                self._seen = Seen()
            finally:
                self._lock.release()
        return self._seen


class WaitingMiddleware:
    """Gives a page of the join form, or the waiting page with a place in line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.meter = Meter(settings.ENV.threads)
        self.line = Line(self.meter)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = BEFORE_THE_FORM.match(request.path_info) if request.method in ("GET", "HEAD") else None
        if found is None or found["key"] in rules.RESERVED_KEYS:
            return self._measured(request, form=False)
        seen = self.line.look()
        held = _read(request, PASS, PASS_SECONDS)
        if not seen.running:
            return self._given(request, held, is_form=found["page"] == "form/")
        try:
            return self._in_line(request, seen, held, is_form=found["page"] == "form/")
        except LimitReached as error:
            return error_page(request, 429, sentence=str(error), retry_after=error.retry_after)

    def _in_line(self, request: HttpRequest, seen: Seen, held: str, *, is_form: bool) -> HttpResponse:
        if not held and _holds_something(request):
            return self._measured(request, form=is_form)
        ticket = _read(request, PLACE, PLACE_SECONDS)
        if not held and ticket.isdecimal() and int(ticket) <= seen.upto:
            held = f"place-{ticket}"
        if not held:
            return _waiting_page(request, seen, ticket)
        accounts.spend("enter", by={"device": f"pass:{held}"}, now=timezone.now())
        answer = self._given(request, held, is_form=is_form)
        _keep(answer, PASS, held, PASS_SECONDS, request)
        return answer

    def _given(self, request: HttpRequest, held: str, *, is_form: bool) -> HttpResponse:
        """The page itself. Whoever got the form holds it from now on, also when a line begins while they write."""
        answer = self._measured(request, form=is_form)
        if is_form and not held and answer.status_code == 200:
            _keep(answer, PASS, secrets.token_urlsafe(9), PASS_SECONDS, request)
        return answer

    def _measured(self, request: HttpRequest, *, form: bool) -> HttpResponse:
        began = self.meter.begin()
        try:
            return self.get_response(request)
        finally:
            self.meter.end(began, form=form)


def _holds_something(request: HttpRequest) -> bool:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return any(request.session.get(name) for name in HOLDS)


def _waiting_page(request: HttpRequest, seen: Seen, ticket: str) -> HttpResponse:
    if not ticket.isdecimal():
        ticket = str(services.draw_ticket())
    place = waiting.place_of(int(ticket), upto=seen.upto, speed=seen.speed, seconds=seen.seconds)
    answer = render(request, "recruitment/waiting.html", {"place": place})
    answer["Cache-Control"], answer["X-Robots-Tag"] = "no-store", "noindex"
    answer["Retry-After"] = str(place.look_again)
    _keep(answer, PLACE, ticket, PLACE_SECONDS, request)
    return answer


def _read(request: HttpRequest, name: str, seconds: int) -> str:
    """What we signed; nothing for a forged or an old one."""
    try:
        return _signer(name).unsign(request.COOKIES.get(name, ""), max_age=seconds)
    except signing.BadSignature:
        return ""


def _keep(answer: HttpResponse, name: str, value: str, seconds: int, request: HttpRequest) -> None:
    answer.set_cookie(
        name, _signer(name).sign(value), max_age=seconds, path="/join/", secure=request.is_secure(), httponly=True,
        samesite="Lax",
    )  # fmt: skip


def _signer(name: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"toli.recruitment.{name}")
