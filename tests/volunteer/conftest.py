from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.conftest import absent
from tests.tasks.conftest import booths  # noqa: F401 - a fixture

from toli.consent import services as consent_services
from toli.consent.first_notice import ensure_notice
from toli.org import services as org


@pytest.fixture
def notice(db):
    """The notice in force."""
    return ensure_notice(actor=cast.SYSTEM, now=timezone.now())


@pytest.fixture
def offered(ravi, tree, asha):
    """A seat of the first booth offered to ravi."""
    seat = cast.add_seat(tree.booth, "booth_team", "booth_youth", number=2)
    return org.offer_seat(
        actor=asha.actor, seat_ref=seat.ref, person_ref=ravi.person.ref, now=timezone.now(), lives=timedelta(days=3)
    )


def agree(member, notice, *purposes: str) -> None:
    actor = member.actor
    consent_services.give(
        actor=actor, person=member.person, notice=notice, language="hi", purposes=list(purposes) or ["organise"],
        session_key="s", now=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def chromium(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    path = shutil.which("chromium")
    if path is None:
        absent("browser", "no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
