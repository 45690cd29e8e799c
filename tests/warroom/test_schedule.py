"""What another row of a poll holds and frees, seen before it is confirmed, recorded after; who has to leave."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.broadcasts.conftest import approved, build, draft, farah, gopal, plan_for, release, submitted, texts  # noqa: F401
from tests.cast import SYSTEM
from tests.tasks.conftest import give
from tests.warroom.test_shifts import make_roster, team  # noqa: F401

from toli.audit.models import Record
from toli.delivery import services as delivery
from toli.delivery.models import Message
from toli.elections import queries as elections
from toli.elections import services as polls
from toli.elections.services import Hours
from toli.kit.dates import local_day
from toli.kit.errors import WrongState
from toli.warroom import queries, services
from toli.warroom.models import Shift


@pytest.fixture
def second(tree):
    return cast.cast_member("Sunita Verma", "+911000000021", tree.state, "state_team", "state_member")


def day(n):
    return local_day(timezone.now()) + timedelta(days=n)


def add_poll(unit, days, closes=time(18)):
    now = timezone.now()
    election = polls.ensure_election(key=f"E{unit.pk}", by_election=True, now=now)
    return polls.add_poll(
        actor=SYSTEM, election=election, constituency=unit, hours=Hours(day(days), (closes,), time(7)),
        notification="notification 1/2031", now=now,
    )  # fmt: skip


def propose(member, poll, days, **more):
    return polls.propose_correction(
        actor=member.actor, poll_ref=poll.ref, hours=Hours(day(days), (time(18),), time(7), **more),
        notification="notification 2/2031", now=timezone.now(),
    )  # fmt: skip


def last_record(verb):
    return Record.objects.filter(verb=verb).order_by("-id").first()


def test_the_list_names_release_and_task_and_the_documents_follow_the_confirmation(
    asha,
    second,
    farah,  # noqa: F811
    gopal,  # noqa: F811
    approved,  # noqa: F811
    booths_with_people,
    tree,
):
    poll = add_poll(tree.sahara, 30)
    found = release(approved, farah, gopal, plan_for(tree.bhilwara))
    task = give(asha.actor, tree.booth, kind="appeal")
    build()
    said = texts(tree.sahara)
    assert said
    version = propose(asha, poll, 1)
    page = second.client.get(f"/desk/polls/change/{version.ref}/").content.decode()
    assert str(found.ref) in page
    assert str(task.ref) in page
    assert "put it in force" in page
    assert texts(tree.sahara) == said
    polls.confirm_correction(actor=second.actor, ref=version.ref, now=timezone.now())
    assert build() > 0
    assert texts(tree.sahara) == []
    record = last_record("elections.poll_corrected")
    for expected in (1, 0):
        assert services.weigh_corrections(actor=SYSTEM, record_ids=[record.pk], now=timezone.now()) == expected
    weighed = last_record("warroom.schedule_weighed").data
    assert (weighed["held"], weighed["freed"], weighed["version"]) == (2, 0, 2)


@pytest.fixture
def booths_with_people(tree):
    """The booth's team has somebody to do work."""
    return cast.cast_member("Salma Bano", "+911000000071", tree.booth, "booth_team", "booth_youth")


def test_a_poll_put_off_frees_what_waits(asha, second, tree, chitra):
    now = timezone.now()
    poll = add_poll(tree.sahara, 1)
    Message.objects.create(
        key="k", template="appeal", purpose="news", person=chitra.person, unit=tree.sahara, kind="appeal",
        subject_hash="k", next_try_at=now, created_at=now, expires_at=now + timedelta(days=9),
        certificate={"number": "7", "committee": "J", "valid_until": "2090-01-01T00:00:00+00:00", "file_hash": "k"},
    )  # fmt: skip
    assert delivery.judge_again(actor=SYSTEM, now=now).held == 1
    version = propose(asha, poll, 1, status="postponed")
    effect = queries.effect_of(
        tree.sahara, queries.quiet_of(elections.live_version(poll)), queries.quiet_of(version), now=now
    )
    assert (effect.count("held"), effect.count("freed")) == (0, 1)
    polls.confirm_correction(actor=second.actor, ref=version.ref, now=timezone.now())
    assert delivery.judge_again(actor=SYSTEM, now=timezone.now()).freed == 1


def test_a_correction_that_moves_no_silence_changes_nothing(asha, tree):
    poll = add_poll(tree.sahara, 20)
    version = polls.propose_correction(
        actor=asha.actor, poll_ref=poll.ref, hours=Hours(day(20), (time(18),), time(8)),
        notification="notification 2/2031", now=timezone.now(),
    )  # fmt: skip
    hours = queries.quiet_of(version)
    assert queries.effect_of(tree.sahara, hours, hours, now=timezone.now()).is_empty
    assert "Nothing that waits" in asha.client.get(f"/desk/polls/change/{version.ref}/").content.decode()


# Rule 26


def says(member, unit, votes):
    return polls.say_elector(actor=member.actor, unit_ref=unit.ref, is_elector=votes, now=timezone.now())


def announced(verb):
    record = last_record(verb)
    return [record.pk] if record else []


def test_who_does_not_vote_there_is_told_once_and_their_shift_ends_when_silence_begins(tree, bilal, team, agree_sms):  # noqa: F811
    now = timezone.now()
    poll = add_poll(tree.sahara, 3)
    version = elections.live_version(poll)
    insider, outsider, silent = team
    says(insider, tree.sahara, True)
    says(outsider, tree.sahara, False)
    agree_sms(outsider, insider, silent)
    early, late = version.quiet_from - timedelta(hours=13), version.quiet_from - timedelta(hours=11)
    assert polls.announce_silence(actor=SYSTEM, now=early) == 0
    for expected in (1, 0):
        assert polls.announce_silence(actor=SYSTEM, now=late) == expected
    for expected in (1, 0):
        assert delivery.tell_leave_by(record_ids=announced("elections.silence_nears"), now=late) == expected
    assert [m.person_id for m in Message.objects.filter(template="leave_by")] == [outsider.person.pk]

    begins = version.quiet_from
    stays, goes = [
        Shift.objects.create(
            unit=tree.sahara, team_kind=member.seat.team_kind, person=member.person,
            starts_at=begins - timedelta(hours=2), ends_at=begins + timedelta(hours=6),
        )
        for member in (insider, outsider)
    ]  # fmt: skip
    inside = Shift.objects.create(
        unit=tree.sahara, team_kind=outsider.seat.team_kind, person=outsider.person,
        starts_at=begins + timedelta(hours=8), ends_at=begins + timedelta(hours=16),
    )  # fmt: skip
    assert polls.announce_silence(actor=SYSTEM, now=begins) == 1
    for expected in (2, 0):
        ended = services.end_outsiders_shifts(actor=SYSTEM, record_ids=announced("elections.silence_began"), now=begins)
        assert ended == expected
    for shift in (stays, goes, inside):
        shift.refresh_from_db()
    assert stays.ends_at == begins + timedelta(hours=6)
    assert goes.ends_at == begins
    assert inside.dropped_at is not None
    assert now < begins


@pytest.fixture
def agree_sms(db):
    from toli.consent import services as consent
    from toli.consent.first_notice import ensure_notice

    notice = ensure_notice(actor=SYSTEM, now=timezone.now())

    def do(*members):
        for member in members:
            consent.give(
                actor=member.actor, person=member.person, notice=notice, language="hi",
                purposes=("organise", "sms"), session_key="s", now=timezone.now(),
            )  # fmt: skip

    return do


def test_an_outsider_takes_no_shift_in_the_silence_and_gets_none_from_the_roster(tree, bilal, team, watch):  # noqa: F811
    poll = add_poll(tree.sahara, 3)
    begins = elections.live_version(poll).quiet_from
    outsider = team[1]
    says(outsider, tree.sahara, False)
    seen = watch()
    with pytest.raises(WrongState):
        services.take_shift(
            actor=outsider.actor, unit_ref=tree.sahara.ref, team_kind_key="constituency_team",
            starts_at=begins - timedelta(hours=1), ends_at=begins + timedelta(hours=3), now=timezone.now(),
        )  # fmt: skip
    assert seen.nothing_happened()
    dealt = services.make_roster(
        actor=bilal.actor, unit_ref=tree.sahara.ref, team_kind_key="constituency_team", start=begins, watches=3,
        now=timezone.now(),
    )  # fmt: skip
    assert outsider.person.pk not in {shift.person_id for shift in dealt}
    assert len(dealt) == 2


def test_a_row_that_moved_is_announced_again(asha, second, tree):
    poll = add_poll(tree.sahara, 2)
    now = timezone.now()
    version = elections.live_version(poll)
    at = max(now, version.quiet_from - timedelta(hours=5))
    assert polls.announce_silence(actor=SYSTEM, now=at) >= 1
    corrected = propose(asha, poll, 4)
    polls.confirm_correction(actor=second.actor, ref=corrected.ref, now=now)
    assert polls.announce_silence(actor=SYSTEM, now=at) == 0
    assert polls.announce_silence(actor=SYSTEM, now=corrected.quiet_from - timedelta(hours=1)) == 1


def test_a_person_says_it_of_themselves_only_and_the_last_word_holds(asha, chitra, tree, watch):
    seen = watch()
    says(chitra, tree.sahara, False)
    says(chitra, tree.sahara, False)
    assert elections.outsiders(tree.sahara.pk) == [chitra.person.pk]
    says(chitra, tree.sahara, True)
    assert elections.outsiders(tree.sahara.pk) == []
    assert seen.verbs() == ["elections.elector_said", "elections.elector_said"]
    assert "false" not in str(list(Record.objects.filter(verb="elections.elector_said").values_list("data")))


def test_with_the_rule_switched_off_nobody_is_told(asha, second, tree, team):  # noqa: F811
    now = timezone.now()
    switch = polls.propose_switch(
        actor=asha.actor, rule="leave_by", off=True, reason="advice of counsel of 9 April", now=now
    )
    polls.confirm_switch(actor=second.actor, ref=switch.ref, now=now)
    poll = add_poll(tree.sahara, 6)
    assert polls.announce_silence(actor=SYSTEM, now=elections.live_version(poll).quiet_from) == 0
