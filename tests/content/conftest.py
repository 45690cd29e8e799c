"""Items and the people who write and approve them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast

from toli.content import services
from toli.content.wording import Wording

NOW = timezone.now()


def wording(text: str = "हर बूथ, हर घर", matter: str = "appeal", **more) -> Wording:
    return Wording(
        kind=more.pop("kind", "slogan"), matter=matter,
        texts={"hi": text, "en": more.pop("en", "Every booth, every home")},
        sources={"hi": "प्रदेश समिति", "en": "State committee"}, **more,
    )  # fmt: skip


@pytest.fixture
def farah(tree):
    """Second member of the district team of Bhilwara."""
    return _district_member("Farah Ali", "+911000000011", tree, 2)


@pytest.fixture
def gopal(tree):
    """Third member of the district team of Bhilwara."""
    return _district_member("Gopal Jat", "+911000000012", tree, 3)


def _district_member(name, number, tree, place):
    person = cast.add_person(name, number, home=tree.booth)
    seat = cast.add_seat(tree.bhilwara, "district_team", "district_member", place)
    return cast.CastMember(person=person, number=number, seat=seat, appointment=cast.put_on_seat(person, seat))


@pytest.fixture
def draft(bilal, tree):
    return services.write_item(actor=bilal.actor, unit=tree.bhilwara, wording=wording(), now=timezone.now())


@pytest.fixture
def submitted(bilal, draft):
    return services.submit_item(actor=bilal.actor, ref=draft.ref, now=timezone.now())


@pytest.fixture
def approved(submitted, farah, gopal):
    for member in (farah, gopal):
        found = services.approve_item(
            actor=member.actor, ref=submitted.ref, seen_hash=submitted.hash, now=timezone.now()
        )
    return found


def soon(minutes: float = 1):
    return timezone.now() + timedelta(minutes=minutes)
