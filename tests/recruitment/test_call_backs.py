"""Applicants are drawn by lot and called; what they say stands beside every count."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment.crowd import NUMBER, add_crowd

from toli.audit.models import PersonalRead, Record
from toli.kit.dates import IST
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.people.models import Person
from toli.recruitment import calling, queries, sampling, services
from toli.recruitment.models import CallAttempt, CallBack, JoinLink, Stratum

NOON = datetime.now(IST).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
LONG_AGO = timedelta(hours=30)


def draw(drive, level="district", **more):
    return services.draw_calls(actor=cast.SYSTEM, key=drive.key, level=level, now=timezone.now(), **more)


def crowd(drive, unit, many, **more):
    return add_crowd(drive, unit, many, at=timezone.now() - LONG_AGO, gap=0.01, **more)


def call(member, outcome, now=NOON):
    opened = services.open_next_call(actor=member.actor, now=now)
    return services.say_outcome(actor=member.actor, ref=opened.attempt.ref, outcome=outcome, now=now)


@pytest.fixture
def link(drive, ravi):
    return JoinLink.objects.create(
        drive=drive, code="ravi1", kind="referral", person=ravi.person, made_at=drive.opens_at
    )


def test_a_unit_with_one_false_entry_in_ten_is_flagged_within_its_plan_and_a_clean_one_is_not(drive, tree, asha):
    """Issue 4, "Done when" 4: the callers do not know which entries are false; the sample plan finds the unit."""
    false = {one.pk for one in crowd(drive, tree.booth, 300)[::10]}
    crowd(drive, tree.far_booth, 300)
    plan = draw(drive, seed="published before the drawing")
    assert plan.size == 2 * sampling.planned_size(300) < 200
    while queries.calls_due(asha.actor, now=NOON).exists():
        opened = services.open_next_call(actor=asha.actor, now=NOON)
        said = "never" if opened.attempt.call.application_id in false else "yes"
        services.say_outcome(actor=asha.actor, ref=opened.attempt.ref, outcome=said, now=NOON)
    seeded, clean = (queries.false_share(drive, unit) for unit in (tree.bhilwara, tree.udaipur))
    assert seeded.estimate.answered == seeded.planned
    assert seeded.flagged
    assert seeded.estimate.low <= 0.1 <= seeded.estimate.high
    assert not clean.flagged
    assert clean.estimate.share == 0
    whole, booth = queries.false_share(drive, tree.state), queries.false_share(drive, tree.booth)
    assert whole.estimate.population == 600
    assert whole.estimate.low < whole.estimate.share < seeded.estimate.share
    assert (booth.estimate, booth.of_path) == (seeded.estimate, tree.bhilwara.path)
    page = asha.client.get(f"/desk/drives/{drive.key}/truth/").content.decode()
    assert "published before the drawing" in page
    assert "tag-bad" in page


def test_the_drawing_is_the_one_that_anybody_repeats_with_the_seed(drive, tree, link):
    all_refs = [str(one.ref) for one in crowd(drive, tree.booth, 120)]
    crowd(drive, tree.booth, 40, link=link)
    draw(drive, seed="s")
    stratum = Stratum.objects.get(link=None)
    drawn = list(stratum.calls.order_by("place").values_list("application__ref", flat=True))
    assert [str(ref) for ref in drawn] == sampling.draw("s", all_refs, stratum.size)
    assert list(queries.false_shares_of_links(drive)) == [link.pk]


def test_a_second_drawing_takes_only_who_came_since(drive, tree, watch):
    crowd(drive, tree.booth, 50)
    first = draw(drive)
    seen = watch()
    with pytest.raises(WrongState):
        draw(drive)
    assert seen.nothing_happened()
    add_crowd(drive, tree.booth, 10, at=timezone.now(), gap=0)
    assert queries.not_drawn_yet(drive) == 10
    second = services.draw_calls(actor=cast.SYSTEM, key="youth", level="district", now=timezone.now())
    assert (second.population, second.from_at) == (10, first.upto_at)
    assert queries.false_share(drive, tree.state).estimate.population == 60


def test_whoever_wants_no_calls_is_drawn_along_and_counted_as_not_asked(drive, tree, asha):
    crowd(drive, tree.booth, 60)
    crowd(drive, tree.booth, 60, purposes=("organise",))
    crowd(drive, tree.booth, 10, preference="app")
    plan = draw(drive)
    share = queries.false_share(drive, tree.state)
    assert plan.size > 60
    assert (share.due, share.estimate.unreached) == (60, 70)  # all who may be called, so everybody was drawn
    assert not share.enough


def test_a_number_is_opened_for_one_attempt_recorded_and_shown_to_the_person(drive, tree, bilal, watch):
    crowd(drive, tree.booth, 3)
    draw(drive)
    seen = watch()
    opened = services.open_next_call(actor=bilal.actor, now=NOON)
    assert opened.dial == NUMBER
    assert seen.verbs() == ["recruitment.call_opened"]
    read = PersonalRead.objects.latest("id")
    assert (read.person_id, read.reason) == (opened.attempt.call.application.person_id, "call_back")
    again = services.open_next_call(actor=bilal.actor, now=NOON)
    assert again.attempt == opened.attempt
    services.say_outcome(actor=bilal.actor, ref=opened.attempt.ref, outcome="yes", now=NOON)
    seen = watch()
    with pytest.raises(NotFound):
        services.say_outcome(actor=bilal.actor, ref=opened.attempt.ref, outcome="never", now=NOON)
    assert seen.nothing_happened()
    assert NUMBER not in str(Record.objects.filter(verb__startswith="recruitment.call").values_list("data"))


def test_who_does_not_answer_is_tried_three_times_at_other_times_of_day(drive, tree, bilal):
    crowd(drive, tree.booth, 1)
    draw(drive)
    now = NOON
    for expected in ("due", "due", "given_up"):
        found = call(bilal, "no_answer", now)
        assert found.state == expected
        with pytest.raises(NotFound):
            services.open_next_call(actor=bilal.actor, now=now)
        now = found.next_try_at if found.next_try_at > now else now
    assert CallAttempt.objects.count() == 3
    parts = [calling.part_of(at) for at in CallAttempt.objects.order_by("number").values_list("opened_at", flat=True)]
    assert len(set(parts[:2])) == 2
    assert queries.false_share(drive, tree.state).estimate.unreached == 1


def test_nobody_calls_at_night_out_of_charge_or_their_own(drive, tree, link, asha, bilal, dev, chitra, ravi, watch):
    crowd(drive, tree.booth, 2)
    draw(drive)
    seen = watch()
    with pytest.raises(WrongState):
        services.open_next_call(actor=bilal.actor, now=NOON.replace(hour=22))
    for member in (dev, chitra, ravi):
        with pytest.raises(NotFound):
            services.open_next_call(actor=member.actor, now=NOON)
    assert seen.nothing_happened()
    JoinLink.objects.filter(pk=link.pk).update(person=bilal.person)
    CallBack.objects.get(place=1).application.__class__.objects.update(link=link)
    with pytest.raises(NotFound):
        services.open_next_call(actor=bilal.actor, now=NOON)
    assert services.open_next_call(actor=asha.actor, now=NOON)


def test_a_woman_who_takes_calls_from_women_only_is_called_by_one(drive, tree, bilal):
    crowd(drive, tree.booth, 1, preference="women")
    draw(drive)
    with pytest.raises(NotFound):
        services.open_next_call(actor=bilal.actor, now=NOON)
    Person.objects.filter(pk=bilal.person.pk).update(gender="female")
    assert services.open_next_call(actor=bilal.actor, now=NOON)


def test_two_callers_never_hold_the_same_person_and_a_forgotten_call_comes_back(drive, tree, asha, bilal):
    crowd(drive, tree.booth, 1)
    draw(drive)
    services.open_next_call(actor=asha.actor, now=NOON)
    with pytest.raises(NotFound):
        services.open_next_call(actor=bilal.actor, now=NOON)
    assert services.open_next_call(actor=bilal.actor, now=NOON + calling.HELD)


def test_a_withdrawn_application_is_not_called(drive, tree, bilal):
    crowd(drive, tree.booth, 1)
    draw(drive)
    drive.applications.update(state="withdrawn")
    with pytest.raises(NotFound):
        services.open_next_call(actor=bilal.actor, now=NOON)


def test_a_drawing_asks_for_a_level_and_a_width_of_the_list(drive, tree, bilal, watch):
    crowd(drive, tree.booth, 5)
    seen = watch()
    for wrong in ({"level": "booth"}, {"half_width": 0.001}):
        with pytest.raises(BadInput):
            draw(drive, **wrong)
    with pytest.raises(NotFound):
        services.draw_calls(actor=bilal.actor, key="youth", level="district", now=timezone.now())
    assert seen.nothing_happened()


def test_who_has_no_such_right_has_no_such_page(drive, meera, chitra, ravi, client):
    for member in (meera, chitra, ravi):
        assert member.client.get("/desk/calls/").status_code == 404
        assert member.client.post("/desk/calls/next/").status_code == 404
    assert client.post("/desk/calls/next/").url.startswith("/login/")


def test_the_callers_page_opens_one_number_and_no_more_than_thirty_an_hour(drive, tree, bilal, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    crowd(drive, tree.booth, 40)
    services.draw_calls(actor=cast.SYSTEM, key="youth", level="district", now=NOON)
    page = bilal.client.get("/desk/calls/").content.decode()
    assert NUMBER[-5:] not in page
    for n in range(30):
        page = bilal.client.post("/desk/calls/next/")
        assert f'href="tel:{NUMBER}"' in page.content.decode()
        assert page.headers["Cache-Control"].count("no-store")
        attempt = CallAttempt.objects.latest("id")
        if n == 0:
            refused = bilal.client.post(f"/desk/calls/{attempt.ref}/said/", {"outcome": "maybe"})
            assert refused.status_code == 422
            assert NUMBER not in refused.content.decode()
        assert bilal.client.post(f"/desk/calls/{attempt.ref}/said/", {"outcome": "yes"}).status_code == 302
    assert bilal.client.post("/desk/calls/next/").status_code == 429
