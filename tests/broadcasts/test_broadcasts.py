"""A broadcast from its plan to everybody's state: who gets it, by which way, once, and who does not."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from tests.broadcasts.conftest import cleared_item
from tests.cast import SYSTEM
from tests.content.conftest import farah, gopal  # noqa: F401
from tests.delivery.conftest import agree, noon  # noqa: F401
from tests.delivery.test_reach import browser, link, outside  # noqa: F401

from toli.broadcasts import queries, services
from toli.broadcasts.choosing import Wanted
from toli.broadcasts.models import Broadcast, Recipient
from toli.broadcasts.services import sending
from toli.content import services as content
from toli.elections import services as elections
from toli.kit.errors import BadInput, NotAllowed, NotFound, WrongState
from toli.org.models import Membership
from toli.people.models import Person, Qualification

State = Broadcast.State


@pytest.fixture
def people(outside, browser, agree, chitra, bilal, farah, noon):  # noqa: F811
    """Chitra has a browser and the bot, Bilal the bot; Farah agreed to news and opened nothing."""
    for member in (chitra, bilal, farah):
        agree(member, "news", "organise")
    browser(chitra)
    link(chitra, noon)
    link(bilal, noon, chat=88)


@pytest.fixture
def item(bilal, farah, gopal, tree):  # noqa: F811
    return cleared_item(bilal, [farah, gopal], tree.bhilwara, matter="civic")


@pytest.fixture
def planned(gopal, item, tree, noon):  # noqa: F811
    def make(wanted=None, channels=("push", "telegram"), key=None, thing=item, **more):
        return services.plan_broadcast(
            actor=gopal.actor, item=thing, wanted=wanted or Wanted([tree.bhilwara.pk]), channels=channels,
            starts_at=noon - timedelta(minutes=1), ends_at=noon + timedelta(hours=30), key=key or uuid4(), now=noon,
            **more,
        )  # fmt: skip

    return make


@pytest.fixture
def going(planned, farah, noon):  # noqa: F811
    """Approved by another, started, nothing sent yet."""

    def make(**more):
        made = planned(**more)
        services.approve_release(
            actor=farah.actor, ref=made.release.ref, seen_hash=made.release.hash, now=noon
        )  # fmt: skip
        services.start_broadcast(broadcast_id=made.pk, now=noon)
        return Broadcast.objects.select_related("release").get(pk=made.pk)

    return make


def states(broadcast) -> dict:
    rows = Recipient.objects.filter(broadcast_id=broadcast.pk)
    return {row.person_id: (row.channel, row.state, row.reason) for row in rows}


def run(now, rounds=1):
    for turn in range(rounds):
        services.send_broadcasts(now=now + timedelta(minutes=3 * turn), seconds=30)


def test_each_gets_it_once_by_the_first_way_open_to_them_and_every_state_is_recorded(
    people, outside, going, planned, chitra, bilal, gopal, farah, noon, watch  # noqa: F811
):  # fmt: skip
    key, seen = uuid4(), watch()
    made = planned(key=key)
    assert planned(key=key) == made
    assert seen.verbs() == ["broadcasts.release_made"]
    run(noon)
    assert not Recipient.objects.exists(), "nobody approved it"
    with pytest.raises(NotAllowed):
        services.approve_release(actor=gopal.actor, ref=made.release.ref, seen_hash=made.release.hash, now=noon)
    services.approve_release(actor=farah.actor, ref=made.release.ref, seen_hash=made.release.hash, now=noon)
    run(noon, rounds=3)
    found = states(made)
    assert found[chitra.person.pk] == ("push", "sent", "")
    assert found[bilal.person.pk] == ("telegram", "sent", "")
    assert found[farah.person.pk] == ("", "unreachable", "")
    assert [len(outside["push"].browsers["a"].shown), len(outside["telegram"].messages)] == [1, 1]
    made.refresh_from_db()
    told = queries.progress_of([made])[0]
    assert (made.state, told.sent, told.waiting, told.percent) == (State.DONE, 2, 0, 100)
    assert told.people == len(found) == told.sent + told.unreachable
    assert "broadcasts.broadcast_ended" in seen.verbs()
    run(noon + timedelta(hours=1))
    assert len(outside["telegram"].messages) == 1


def test_the_count_before_and_the_plan_after_agree_for_every_condition(
    people, going, tree, chitra, bilal, noon  # noqa: F811
):  # fmt: skip
    Qualification.objects.create(person=bilal.person, kind="course:first", granted_at=noon)
    Qualification.objects.create(
        person=chitra.person, kind="course:first", granted_at=noon, expires_at=noon - timedelta(days=1)
    )
    everyone = Wanted([tree.bhilwara.pk])
    for wanted, meant in (
        (everyone, None),
        (Wanted([tree.bhilwara.pk], trained=["course:first"]), {bilal.person.pk}),
        (Wanted([tree.bhilwara.pk], roles=[chitra.seat.role_id]), {chitra.person.pk}),
        (Wanted([tree.bhilwara.pk], languages=["en"]), set()),
        (Wanted([tree.sahara.pk]), None),
    ):
        reach = queries.count_audience(wanted=wanted, channels=["push", "telegram"], purpose="news", now=noon)
        broadcast = going(wanted=wanted)
        rows = Recipient.objects.filter(broadcast_id=broadcast.pk)
        assert (reach.people, reach.reached) == (rows.count(), rows.exclude(channel="").count()), wanted
        if meant is not None:
            assert set(rows.values_list("person_id", flat=True)) == meant
        assert sum(broadcast.chunks.values_list("n", flat=True)) == reach.reached
    at = rows.get(person_id=chitra.person.pk) if rows.filter(person_id=chitra.person.pk).exists() else None
    assert at is None or at.unit_id == tree.sahara.pk, "the constituency whose law holds for them"


def test_who_may_not_send_there_plans_nothing(people, planned, item, tree, dev, noon, watch):  # noqa: F811
    seen = watch()
    with pytest.raises((NotAllowed, NotFound)):
        services.plan_broadcast(
            actor=dev.actor, item=item, wanted=Wanted([tree.bhilwara.pk]), channels=["push"], starts_at=noon,
            ends_at=noon + timedelta(hours=1), key=uuid4(), now=noon,
        )  # fmt: skip
    for wanted, channels in ((Wanted([]), ["push"]), (Wanted([tree.bhilwara.pk]), ["pulse"]), (Wanted([1]), [])):
        with pytest.raises((BadInput, NotFound)):
            planned(wanted=wanted, channels=channels)
    assert seen.nothing_happened()
    assert not Broadcast.objects.exists()


@pytest.mark.parametrize("how", ["edited", "withdrawn", "release"])
def test_what_is_no_longer_approved_stops_in_the_middle(how, people, outside, going, item, asha, noon):  # noqa: F811
    broadcast = going()
    if how == "edited":
        item.texts.filter(language="hi").update(text="और कुछ")
    elif how == "withdrawn":
        content.withdraw_item(actor=asha.actor, ref=item.ref, reason="wrong", now=noon)
    else:
        services.withdraw_release(actor=asha.actor, ref=broadcast.release.ref, now=noon)
    run(noon, rounds=2)
    assert outside["push"].requests == outside["telegram"].requests == 0
    assert not Recipient.objects.filter(state="sent").exists()


def test_a_silence_and_a_no_that_come_meanwhile_stop_exactly_those(
    people, outside, browser, farah, gopal, tree, going, chitra, bilal, agree, noon  # noqa: F811
):  # fmt: skip
    appeal = cleared_item(bilal, [farah, gopal], tree.bhilwara, matter="appeal")
    for name, member in (("b", bilal), ("f", farah), ("g", gopal)):
        agree(member, "news")
        browser(member, name)
    Membership.objects.filter(person=farah.person, valid_to=None).update(unit=tree.bhilwara)
    broadcast = going(thing=appeal, channels=["push"])
    assert Recipient.objects.get(person_id=chitra.person.pk).unit_id == tree.sahara.pk
    Person.objects.filter(pk=bilal.person.pk).update(state="sealed")
    homes = dict(
        Recipient.objects.filter(broadcast_id=broadcast.pk, channel="push").values_list("person_id", "unit_id")
    )
    silent = {pk for pk, unit in homes.items() if unit == tree.sahara.pk}
    others = set(homes) - silent - {bilal.person.pk}
    assert chitra.person.pk in silent
    assert others
    set_poll_of_tomorrow(tree.sahara, noon)
    run(noon, rounds=2)
    found = states(broadcast)
    assert {found[pk] for pk in silent} == {("push", "refused", "law:1")}
    assert found[bilal.person.pk] == ("push", "refused", "unknown_person")
    assert {found[pk][1] for pk in others} == {"sent"}
    shown = sum(len(one.shown) for one in outside["push"].browsers.values())
    assert shown == len(others), "nobody else, and each once"


def set_poll_of_tomorrow(unit, now):
    """Silent since yesterday evening, until tomorrow at six."""
    election = elections.ensure_election(key="T", now=now)
    elections.add_poll(
        actor=SYSTEM, election=election, constituency=unit, now=now, notification="test 1",
        hours=elections.Hours((now + timedelta(days=1)).date(), (time(18),)),
    )  # fmt: skip


@pytest.mark.parametrize(("channel", "fault"), [
    ("push", "500"), ("push", "cut_after"), ("push", "429"), ("telegram", "429"),
    ("telegram", "garbage"), ("telegram", "cut_after"), ("telegram", "twice"), ("telegram", "500"),
])  # fmt: skip
def test_a_provider_with_a_fault_is_asked_again_and_nobody_gets_it_twice(
    channel, fault, people, outside, going, bilal, chitra, noon  # noqa: F811
):  # fmt: skip
    broadcast = going(channels=[channel])
    outside[channel].faults = [fault]
    run(noon, rounds=3)
    shown = outside["push"].browsers["a"].shown if channel == "push" else outside["telegram"].messages
    people = {pk: state for pk, (way, state, _why) in states(broadcast).items() if way}
    assert set(people.values()) <= {"sent", "failed"}
    assert len(shown) <= len(people)
    if channel == "push" or fault in ("429", "twice"):
        assert set(people.values()) == {"sent"}
        assert len(shown) == len(people)
    assert Broadcast.objects.get(pk=broadcast.pk).state == State.DONE


def test_pause_resume_and_cancel_hold_at_once(people, outside, going, asha, farah, noon, watch):  # noqa: F811
    broadcast, seen = going(), watch()
    services.pause_broadcast(actor=asha.actor, ref=broadcast.ref, now=noon)
    run(noon)
    assert outside["push"].requests == 0
    with pytest.raises(WrongState):
        services.pause_broadcast(actor=asha.actor, ref=broadcast.ref, now=noon)
    services.resume_broadcast(actor=farah.actor, ref=broadcast.ref, now=noon)
    services.cancel_broadcast(actor=asha.actor, ref=broadcast.ref, now=noon)
    with pytest.raises(WrongState):
        services.resume_broadcast(actor=farah.actor, ref=broadcast.ref, now=noon)
    run(noon)
    assert outside["push"].requests == outside["telegram"].requests == 0
    assert {reason for way, _state, reason in states(broadcast).values() if way} == {"cancelled"}
    assert seen.verbs() == [
        "broadcasts.broadcast_paused", "broadcasts.broadcast_resumed", "broadcasts.release_withdrawn",
        "broadcasts.broadcast_cancelled",
    ]  # fmt: skip


def test_a_worker_that_lost_its_chunk_says_nothing_any_more(people, outside, going, chitra, bilal, noon):  # noqa: F811
    broadcast = going(channels=["telegram"])
    lost = sending._take(broadcast, "telegram", 500, noon)
    assert lost is not None
    assert sending._take(broadcast, "telegram", 500, noon) is None, "it is in somebody's hands"
    run(noon + timedelta(minutes=5))
    found = states(broadcast)
    assert {found[one.person.pk] for one in (chitra, bilal)} == {("telegram", "failed", "unsure")}
    late = [sending.Outcome(one.person_id, "sent", tried=True) for one in lost[1]]
    assert sending.keep(lost[0], late, noon + timedelta(days=1), noon) == 0
    assert states(broadcast) == found
    assert outside["telegram"].requests == 0
