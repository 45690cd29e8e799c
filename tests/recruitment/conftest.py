from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests import cast
from tests.recruitment.contest import hold_contest

from toli.accounts import services as accounts
from toli.accounts.models import LoginCode
from toli.consent.first_notice import ensure_notice
from toli.kit import secrets
from toli.recruitment import services
from toli.recruitment.models import Application

NUMBER = "1000000042"


@pytest.fixture
def demo(db):
    return accounts.create_deployment(is_demo=True, now=timezone.now())


@pytest.fixture
def notice(db):
    return ensure_notice(actor=cast.SYSTEM, now=timezone.now())


@pytest.fixture
def drive(tree, notice, demo):
    now = timezone.now()
    return services.open_drive(
        actor=cast.SYSTEM,
        key="youth",
        names={"hi": "युवा जोड़ो", "en": "Youth, join"},
        intro={"hi": "अपने बूथ की टीम में आइए।", "en": "Come to the team of your booth."},
        scope=tree.state,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=30),
    )


@pytest.fixture
def answers(tree, notice):
    """A form filled well; a test changes what it is about."""
    return {
        "unit": str(tree.booth.ref),
        "notice": str(notice.ref),
        "name": "नीलम शर्मा",
        "phone": NUMBER,
        "birth_year": "1998",
        "gender": "female",
        "contact_preference": "women",
        "place_text": "वार्ड 3",
        "skills": ["writing", "design"],
        "declared": "on",
        "purpose_organise": "on",
        "purpose_sms": "on",
    }


class Applicant:
    """A browser of somebody who applies, without JavaScript."""

    def __init__(self, language: str = "en") -> None:
        self.client = Client(headers={"accept-language": language})

    def fill(self, answers: dict, key: str = "youth"):
        return self.client.post(f"/join/{key}/form/", answers)

    def type_code(self):
        code = LoginCode.objects.latest("id")
        digits = secrets.decrypt(code.code_cipher, code.key_version, context="code")
        return self.follow(self.client.post("/login/code/", {"code": digits}))

    def follow(self, answer):
        """To the last page; the test client refuses to pass one address twice, as the login does."""
        self.way = []
        while answer.status_code == 302:
            self.way.append(answer.url)
            answer = self.client.get(answer.url)
        return answer

    def apply(self, answers: dict, key: str = "youth") -> Application:
        filled = self.fill(answers, key)
        assert filled.status_code == 302, filled.content.decode()
        page = self.type_code()
        assert page.status_code == 200
        assert self.way[-1] == "/join/status/", self.way
        return Application.objects.latest("id")


@pytest.fixture
def applicant():
    return Applicant()


@pytest.fixture
def contest(drive, tree):
    return hold_contest(drive, tree)


@pytest.fixture
def second_state(tree):
    """Another of the state team: whoever signs second."""
    return cast.cast_member("Farida Khan", "+911000000097", tree.state, "state_team", "state_member")
