"""Two local SMS gateways, a cast member who agreed to SMS, and the middle of a day."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from tests.cast import SYSTEM

from toli.accounts import services as accounts
from toli.consent import services as consent
from toli.consent.first_notice import ensure_notice
from toli.delivery.providers.sms.local_server import SmsServer
from toli.kit.dates import IST

TODAY = timezone.localdate()
NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=IST)


@pytest.fixture
def noon():
    return NOON


@pytest.fixture
def first(settings):
    """The first gateway, asking for a token."""
    server = SmsServer(token="first-token").start()
    settings.SMS_URL, settings.SMS_TOKEN = server.url, "first-token"
    settings.SMS_FALLBACK_URL = ""
    yield server
    server.stop()


@pytest.fixture
def second(settings):
    """The fallback gateway."""
    server = SmsServer(token="second-token").start()
    settings.SMS_FALLBACK_URL, settings.SMS_FALLBACK_TOKEN = server.url, "second-token"
    yield server
    server.stop()


@pytest.fixture
def agree(db):
    notice = ensure_notice(actor=SYSTEM, now=timezone.now())

    def do(member, *purposes):
        consent.give(
            actor=member.actor, person=member.person, notice=notice, language="hi", purposes=purposes,
            session_key="s", now=timezone.now(),
        )  # fmt: skip

    return do


@pytest.fixture
def quick(monkeypatch):
    """A gateway that hangs is given up after a second."""
    from toli.delivery.services import going_out

    monkeypatch.setattr(going_out, "code_timeout", lambda now: 1.0)


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 2, 6, 30, tzinfo=UTC)


@pytest.fixture
def ask(db, now):
    """Ask a code of a number; returns what the service returned."""

    def ask_code(number: str = "+911000000042", at: datetime | None = None):
        return accounts.ask_code(phone=number, cookie="", address="192.0.2.1", language="hi", now=at or now)

    return ask_code
