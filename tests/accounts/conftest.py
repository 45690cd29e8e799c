from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from toli.accounts import services
from toli.accounts.models import LoginCode
from toli.kit import secrets

NUMBER = "+911000000042"
OTHER = "+911000000043"


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 2, 6, 30, tzinfo=UTC)


@pytest.fixture
def demo(db):
    return services.create_deployment(is_demo=True, now=datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture
def ask(db, now):
    """Ask a code; returns what the service returned."""

    def ask_code(number: str = NUMBER, cookie: str = "", address: str = "192.0.2.1", at: datetime | None = None):
        return services.ask_code(phone=number, cookie=cookie, address=address, language="hi", now=at or now)

    return ask_code


def digits(ref) -> str:
    """The code as the SMS would carry it."""
    code = LoginCode.objects.get(ref=ref)
    return secrets.decrypt(code.code_cipher, code.key_version, context="code")


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)
