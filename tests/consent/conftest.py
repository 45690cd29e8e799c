"""A notice in force and people who agreed to it."""

import pytest
from django.utils import timezone
from tests.cast import SYSTEM

from toli.consent import services
from toli.consent.first_notice import ensure_notice


@pytest.fixture
def notice(db):
    return ensure_notice(actor=SYSTEM, now=timezone.now())


@pytest.fixture
def agree(notice):
    """Call it with a cast member and purposes: they agree from their own session."""

    def do(member, *purposes):
        return services.give(
            actor=member.actor, person=member.person, notice=notice, language="hi", purposes=purposes,
            session_key="s", now=timezone.now(),
        )  # fmt: skip

    return do
