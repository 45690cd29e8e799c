"""A row of law changes: everything that waits in the outbox is judged again, and nothing goes out by that."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from tests.cast import SYSTEM

from toli.delivery import queries, services
from toli.delivery.models import Message
from toli.elections import services as elections
from toli.elections.models import PollVersion
from toli.elections.silence import quiet_window
from toli.kit.dates import local_at, local_day

PAPER = {"number": "7/2031", "committee": "Jaipur", "valid_until": "2090-01-01T00:00:00+00:00"}


@pytest.fixture
def poll(tree, noon):
    """Sahara polls tomorrow until six: silent since yesterday evening."""
    election = elections.ensure_election(key="E", by_election=True, now=noon)
    hours = elections.Hours(local_day(noon) + timedelta(days=1), (time(18),))
    return elections.add_poll(
        actor=SYSTEM, election=election, constituency=tree.sahara, hours=hours, notification="n 1/2031", now=noon
    )


def move(poll, days, noon, closes=time(18)):
    """What a confirmed correction leaves behind."""
    day = local_day(noon) + timedelta(days=days)
    window = quiet_window(day, [closes])
    PollVersion.objects.filter(poll=poll, state="live").update(state="replaced")
    PollVersion.objects.create(
        poll=poll, number=2, state="live", poll_on=day, closes=[time(18)], quiet_kind="silence",
        quiet_from=window.starts, quiet_to=window.ends, confirmed=True, notification="n 2/2031", proposed_at=noon,
    )  # fmt: skip


@pytest.fixture
def put(tree, noon, chitra):
    def do(key, kind="appeal", unit=None, certified=True, state="waiting", **more):
        return Message.objects.create(
            key=key, template="appeal", purpose="news", person=chitra.person, unit=unit or tree.sahara, kind=kind,
            subject_hash=key, certificate={**PAPER, "file_hash": key} if certified else None, state=state,
            created_at=noon, **{"next_try_at": noon, "expires_at": noon + timedelta(days=20), **more},
        )  # fmt: skip

    return do


def told(message):
    message.refresh_from_db()
    return message.state, message.reason, message.next_try_at


def judge(noon, **more):
    return services.judge_again(actor=SYSTEM, now=noon, **more)


def test_an_appeal_waits_for_the_end_of_silence_and_the_rest_keeps_its_hour(tree, poll, put, noon, watch):
    appeal, internal = put("a"), put("i", kind="internal", certified=False)
    elsewhere, sent = put("e", unit=tree.vallabhnagar), put("s", state="sent")
    seen = watch()
    assert judge(noon) == services.Judged(held=1, freed=0)
    until = local_at(local_day(noon) + timedelta(days=1), time(18))
    assert told(appeal) == ("waiting", "law:1", until)
    assert [told(one)[1:] for one in (internal, elsewhere, sent)] == [("", noon)] * 3
    assert seen.verbs() == ["delivery.judged_again"]


def test_a_poll_put_to_a_later_day_frees_what_waited_and_again_changes_nothing(poll, put, noon, watch):
    appeal = put("a")
    judge(noon)
    move(poll, 10, noon)
    assert judge(noon) == services.Judged(held=0, freed=1)
    assert told(appeal) == ("waiting", "", noon)
    seen = watch()
    assert judge(noon) == services.Judged()
    assert seen.nothing_happened()


def test_a_longer_silence_moves_the_hour_of_what_waits(poll, put, noon):
    appeal = put("a")
    judge(noon)
    move(poll, 1, noon, closes=time(20))
    judge(noon)
    assert told(appeal)[1:] == ("law:1", local_at(local_day(noon) + timedelta(days=1), time(20)))


def test_what_no_hour_can_mend_is_left_to_the_sender(poll, put, noon):
    bare = put("b", certified=False)
    late = put("l", expires_at=noon + timedelta(hours=2))
    assert judge(noon) == services.Judged()
    assert {told(one)[1] for one in (bare, late)} == {""}


def test_only_the_constituencies_named_are_judged(tree, poll, put, noon):
    appeal = put("a")
    assert judge(noon, unit_ids=[tree.vallabhnagar.pk]) == services.Judged()
    assert told(appeal)[1] == ""
    assert judge(noon, unit_ids=[tree.sahara.pk]).held == 1


def test_a_certificate_of_another_file_is_no_certificate(poll, put, noon):
    message = put("a")
    Message.objects.filter(pk=message.pk).update(certificate={**PAPER, "file_hash": "another"})
    assert judge(noon) == services.Judged()


def test_the_list_before_a_change_says_what_the_judging_does_after_it(tree, poll, put, noon):
    for n in range(3):
        put(f"a{n}")
    put("later", next_try_at=noon + timedelta(days=5))
    judge(noon)
    old = PollVersion.objects.get(poll=poll)
    day = local_day(noon) + timedelta(days=6)
    new = quiet_window(day, [time(18)])
    weighed = queries.weigh(tree.sahara.pk, (old.quiet_from, old.quiet_to), (new.starts, new.ends), now=noon)
    assert (weighed.held, weighed.freed, weighed.moved) == (1, 3, 0)
    move(poll, 6, noon)
    assert judge(noon).freed == 3
    assert queries.weigh(tree.sahara.pk, None, None, now=noon) == queries.Moved()


def test_a_message_in_flight_when_the_row_moves_is_asked_about_again_when_it_is_sent(
    first, tree, chitra, agree, noon, put, poll
):
    """Whatever the judging missed, the sender does not: a verdict is made at the moment of sending."""
    agree(chitra, "news", "sms")
    move(poll, 10, noon)
    free = put("x", params={"text": "t", "link": "l"})
    PollVersion.objects.filter(poll=poll, state="live").update(state="replaced")
    window = quiet_window(local_day(noon) + timedelta(days=1), [time(18)])
    PollVersion.objects.create(
        poll=poll, number=3, state="live", poll_on=local_day(noon) + timedelta(days=1), closes=[time(18)],
        quiet_kind="silence", quiet_from=window.starts, quiet_to=window.ends, confirmed=True, notification="n 3",
        proposed_at=timezone.now(),
    )  # fmt: skip
    assert services.send_due(now=noon)["later"] == 1
    assert first.speaker.requests == 0
    assert told(free)[1] == "law:1"
