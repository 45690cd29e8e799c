"""In the hours of silence an appeal is neither given nor shown where it holds; the other kinds go on."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db.models import JSONField
from django.utils import timezone
from tests import cast
from tests.cast import SYSTEM
from tests.tasks.conftest import Unchanged, give, hand_in, share_of

from toli.elections import services as elections
from toli.elections.services import Hours
from toli.kit.dates import local_day
from toli.kit.errors import WrongState
from toli.kit.ids import uuid7
from toli.tasks import holding, queries, services
from toli.tasks.models import WORDS, Reminder, Task


@pytest.fixture
def silence(tree, now):
    """Call it with a constituency: it polls tomorrow at six in the evening, and is silent now."""

    def begin(unit):
        election = elections.ensure_election(key=f"T{unit.pk}", now=now)
        day = local_day(now) + timedelta(days=1)
        elections.add_poll(
            actor=SYSTEM, election=election, constituency=unit, now=now, notification="test 1",
            hours=Hours(day, (time(18),)),
        )  # fmt: skip

    return begin


def test_an_appeal_that_would_reach_silent_places_only_is_not_given(asha, bilal, booths, tree, silence, watch):
    silence(tree.sahara)
    seen = watch()
    for unit in (tree.bhilwara, tree.sahara, tree.booth):
        with pytest.raises(WrongState) as refused:
            give(asha.actor, unit, kind="appeal")
        assert str(refused.value)
    with pytest.raises(WrongState):
        give(asha.actor, tree.state, kind="appeal", only=[tree.bhilwara])
    assert not Task.objects.exists()
    assert seen.nothing_happened()


@pytest.mark.parametrize("kind", ["civic", "internal"])
def test_other_kinds_pass_silence(asha, salma, booths, tree, silence, kind):
    silence(tree.sahara)
    share = share_of(give(asha.actor, tree.booth, kind=kind), tree.booth)
    [shown] = queries.my_work(salma.actor, now=timezone.now()).free
    assert not shown.is_held
    assert services.accept_assignment(actor=salma.actor, ref=share.ref, now=timezone.now()).state == "accepted"


def test_an_appeal_for_a_state_goes_where_no_silence_holds_and_rests_where_it_does(
    asha, salma, tara, booths, tree, silence
):
    silence(tree.sahara)
    give(asha.actor, tree.state, kind="appeal")
    [here] = queries.my_work(salma.actor, now=timezone.now()).free
    [there] = queries.my_work(tara.actor, now=timezone.now()).free
    assert (here.is_held, there.is_held) == (True, False)


@pytest.mark.parametrize("text", WORDS)
def test_a_text_that_names_a_silent_seat_is_not_given_to_a_state(asha, booths, tree, silence, watch, text):
    silence(tree.sahara)
    seen = watch()
    for words in ("सहाड़ा चलो", "Come to Sahara!"):
        with pytest.raises(WrongState):
            give(asha.actor, tree.state, kind="appeal", **{text: {"hi": words}})
    assert not Task.objects.exists()
    assert seen.nothing_happened()


def test_every_text_of_a_task_is_read_by_the_law():
    assert set(WORDS) == {f.name for f in Task._meta.concrete_fields if isinstance(f, JSONField)}


@pytest.fixture
def held(asha, booths, tree, silence):
    """An appeal given before silence began in Sahara."""
    task = give(asha.actor, tree.state, kind="appeal", title={"hi": "घर-घर वोट माँगें", "en": "Ask for votes"})
    silence(tree.sahara)
    return share_of(task, tree.booth)


def test_a_held_task_is_not_accepted(salma, held, watch):
    stood, seen = Unchanged(held), watch()
    with pytest.raises(WrongState) as refused:
        services.accept_assignment(actor=salma.actor, ref=held.ref, now=timezone.now())
    assert str(refused.value)
    assert stood.unchanged()
    assert seen.nothing_happened()


@pytest.mark.parametrize("url", ["/me/tasks/", "/me/tasks/{ref}/"])
def test_a_held_task_shows_no_word_of_its_own(salma, held, url):
    text = salma.client.get(url.format(ref=held.ref)).text
    assert "Ask for votes" not in text
    assert "Give the slip" not in text
    assert "Held back by law" in text


def test_a_booth_linked_to_a_seat_by_election_alone_is_silent_with_it(asha, booths, tree, silence, watch):
    apart = cast.add_unit("booth", "अलग 1", "Apart 1", tree.udaipur)
    cast.link("electoral", apart, tree.sahara)
    give(asha.actor, apart, kind="appeal", target=1)
    silence(tree.sahara)
    seen = watch()
    with pytest.raises(WrongState):
        give(asha.actor, apart, kind="appeal", target=1)
    assert Task.objects.count() == 1
    assert seen.nothing_happened()


def test_what_was_done_before_silence_can_be_handed_in(asha, salma, booths, tree, silence):
    share = share_of(give(asha.actor, tree.state, kind="appeal"), tree.booth)
    services.accept_assignment(actor=salma.actor, ref=share.ref, now=timezone.now())
    silence(tree.sahara)
    assert "Hand it in" in salma.client.get(f"/me/tasks/{share.ref}/").text
    assert hand_in(salma, share).state == "handed_in"


def test_nobody_takes_up_an_appeal_for_another_in_silence(chitra, salma, held, watch):
    stood, seen = Unchanged(held), watch()
    with pytest.raises(WrongState):
        services.hand_in_for(
            actor=chitra.actor, ref=held.ref, person_ref=salma.person.ref, hand_in_ref=uuid7(), number=1,
            now=timezone.now(),
        )  # fmt: skip
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_nobody_is_reminded_of_an_appeal_in_silence(bilal, held, now):
    services.plan_reminders(now=held.task.due_at + timedelta(minutes=1))
    later = held.task.due_at + timedelta(minutes=1)
    assert Reminder.objects.filter(assignment=held).exists()
    assert held.pk not in {r.assignment_id for r in queries.due_reminders(now)}
    assert held.pk in {r.assignment_id for r in queries.due_reminders(later)}  # a week on, silence is over


def test_a_held_share_is_nobodys_exception(bilal, asha, booths, tree, silence, now):
    task = give(asha.actor, tree.state, kind="appeal", now=now - timedelta(days=3))
    assert queries.exceptions(bilal.actor, now=now, task=task).count() == 3
    silence(tree.sahara)
    assert queries.exceptions(bilal.actor, now=now, task=task).count() == 0


def test_the_desk_says_where_an_appeal_is_held(asha, held):
    text = asha.client.get(f"/desk/tasks/shares/{held.ref}/").text
    assert "The law holds this task back in Borana 1 now" in text


def test_when_the_gate_says_no_nothing_is_given_shown_or_accepted(asha, salma, given, tree, monkeypatch, watch):
    """The gate is asked on every path: forced to refuse, each of them stops."""
    real = holding.may_publish

    def closed(subject, unit_id, channel, now, *, windows):
        from dataclasses import replace

        return real(replace(subject, kind="unknown"), unit_id, channel, now, windows=windows)

    monkeypatch.setattr(holding, "may_publish", closed)
    stood, seen = Unchanged(given), watch()
    with pytest.raises(WrongState):
        give(asha.actor, tree.state, kind="internal")
    with pytest.raises(WrongState):
        services.accept_assignment(actor=salma.actor, ref=given.ref, now=timezone.now())
    assert "Visit homes" not in salma.client.get("/me/tasks/").text
    assert stood.unchanged()
    assert seen.nothing_happened()
