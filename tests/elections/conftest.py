"""Two by-elections on the small tree: Sahara closing at 18:00, Vallabhnagar without an hour."""

from datetime import date, datetime, time

import pytest
from tests.cast import SYSTEM

from toli.elections import services
from toli.elections.services import Hours
from toli.kit.dates import IST

POLL_DAY = date(2031, 4, 17)
WEEK_BEFORE = datetime(2031, 4, 10, 12, tzinfo=IST)


def ist(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=IST)


@pytest.fixture
def election(tree):
    return services.ensure_election(
        key="RJ-BYE-2031", kind="assembly by-election", state=tree.state, by_election=True,
        announced_at=ist(2031, 3, 20), now=WEEK_BEFORE,
    )  # fmt: skip


@pytest.fixture
def sahara(tree, election):
    return services.add_poll(
        actor=SYSTEM, election=election, constituency=tree.sahara, hours=Hours(POLL_DAY, (time(18),), time(7)),
        notification="notification 1/2031", now=WEEK_BEFORE,
    )  # fmt: skip


@pytest.fixture
def vallabhnagar(tree, election):
    return services.add_poll(
        actor=SYSTEM, election=election, constituency=tree.vallabhnagar, hours=Hours(POLL_DAY),
        notification="notification 1/2031", now=WEEK_BEFORE,
    )  # fmt: skip
