"""My day in the silence of a seat I work in: appeals are gone, what is allowed comes first, who must leave is told."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.cast import SYSTEM
from tests.tasks.conftest import give

from toli.elections import queries as elections
from toli.elections import services as polls
from toli.elections.services import Hours
from toli.kit.dates import local_day


@pytest.fixture
def salma(tree):
    return cast.cast_member("Salma Bano", "+911000000071", tree.booth, "booth_team", "booth_youth")


def poll_in(unit, days):
    now = timezone.now()
    election = polls.ensure_election(key="E", by_election=True, now=now)
    hours = Hours(local_day(now) + timedelta(days=days), (time(18),), time(7))
    return polls.add_poll(
        actor=SYSTEM, election=election, constituency=unit, hours=hours, notification="n 1/2031", now=now
    )


def page(member, language="en"):
    return member.browser(second_factor=False, language=language).get("/me/").content.decode()


def test_without_a_poll_the_page_is_as_ever(salma, tree):
    assert "Poll in" not in page(salma)


def test_before_silence_it_counts_down_and_asks_once_where_they_vote(salma, tree):
    poll_in(tree.sahara, 9)
    said = page(salma)
    assert "Poll in Sahara" in said
    assert "Silence begins in" in said
    assert "The poll opens in" in said
    assert "Do you vote in Sahara?" in said
    answer = salma.client.post(f"/me/votes/{tree.sahara.ref}/", {"votes": "no"})
    assert answer.status_code == 302
    said = page(salma)
    assert "Do you vote in Sahara?" not in said
    assert "please leave by" in said
    assert elections.outsiders(tree.sahara.pk) == [salma.person.pk]


@pytest.mark.parametrize("language", ["hi", "en"])
def test_in_silence_no_appeal_stands_on_the_page_and_the_rest_comes_first(asha, salma, tree, language):
    appeal = give(asha.actor, tree.booth, kind="appeal", title={"hi": "घर-घर अपील", "en": "Appeal at doors"})
    give(asha.actor, tree.booth, kind="civic", title={"hi": "बूथ की जानकारी", "en": "Where the booth is"})
    assert appeal.title[language] in page(salma, language)
    poll_in(tree.sahara, 1)
    said = page(salma, language)
    assert appeal.title[language] not in said
    assert {"hi": "बूथ की जानकारी", "en": "Where the booth is"}[language] in said
    assert {"hi": "किसी से वोट न माँगें", "en": "ask nobody for a vote"}[language] in said
    assert {"hi": "1 काम वोट की अपील का है", "en": "1 task asks for votes"}[language] in said
    assert said.index("tasks-title") < said.index("pulse-title")


@pytest.mark.parametrize("answer", [{}, {"votes": ""}, {"votes": "maybe"}])
def test_an_answer_that_is_neither_changes_nothing(salma, tree, answer, watch):
    seen = watch()
    assert salma.client.post(f"/me/votes/{tree.sahara.ref}/", answer).status_code == 302
    assert seen.nothing_happened()
    assert elections.all_said_by(salma.person.pk) == []


def test_what_i_said_stands_in_my_data_and_in_its_file(salma, tree):
    polls.say_elector(actor=salma.actor, unit_ref=tree.sahara.ref, is_elector=True, now=timezone.now())
    assert "You said that you vote in Sahara" in salma.client.get("/me/data/").content.decode()
    assert '"votes_there": true' in salma.client.get("/me/data/download/").content.decode().replace("\\n", "")


def test_what_an_erased_person_said_is_gone(salma, tree):
    from toli.audit import services as audit
    from toli.people.models import Person

    polls.say_elector(actor=salma.actor, unit_ref=tree.sahara.ref, is_elector=True, now=timezone.now())
    Person.objects.filter(pk=salma.person.pk).update(state=Person.State.PURGED)
    record = audit.record(SYSTEM, "people.purged", salma.person, data={"columns": []})
    for expected in (1, 0):
        assert polls.forget_electors(record_ids=[record]) == expected
