"""Reminders are written once for their reason, dropped when the work is done, and go out through the one door."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone
from tests.tasks.conftest import give, hand_in, share_of

from toli.delivery.limits import quiet_ends
from toli.delivery.models import Message
from toli.kit.dates import local_at, local_day
from toli.kit.errors import LimitReached, NotAllowed, NotFound, WrongState
from toli.tasks import queries, services
from toli.tasks.models import Reminder

LINK = "https://toli.example/me/tasks/"


@pytest.fixture
def noon(now):
    """An hour in which messages may go, after the work was given."""
    return local_at(local_day(now) + timedelta(days=1), time(12))


def reasons(share):
    return sorted(Reminder.objects.filter(assignment=share).values_list("reason", flat=True))


def test_a_share_nobody_accepts_is_reminded_after_a_day(given, now):
    assert services.plan_reminders(now=now + timedelta(hours=23)) == 0
    services.plan_reminders(now=now + timedelta(hours=25))
    assert reasons(given) == ["unanswered"]


def test_a_day_before_and_after_the_deadline_whoever_has_it_is_reminded_once(accepted):
    due = accepted.task.due_at
    for hours in (-25, -23, -22, 1, 2):
        services.plan_reminders(now=due + timedelta(hours=hours))
    assert reasons(accepted) == ["late", "soon"]


def test_a_short_task_is_not_reminded_as_soon_as_it_is_given(asha, booths, tree, now):
    share = share_of(give(asha.actor, tree.booth, due_at=now + timedelta(hours=6)), tree.booth)
    services.plan_reminders(now=now + timedelta(minutes=5))
    assert reasons(share) == []


def test_work_handed_in_is_not_reminded_and_waiting_reminders_are_dropped(accepted, salma, now):
    services.plan_reminders(now=accepted.task.due_at - timedelta(hours=5))
    hand_in(salma, accepted)
    services.drop_stale_reminders(now=now)
    assert set(Reminder.objects.filter(assignment=accepted).values_list("state", flat=True)) == {"dropped"}
    services.plan_reminders(now=accepted.task.due_at + timedelta(hours=5))
    assert reasons(accepted) == ["soon"]


def test_a_coordinator_reminds_a_team_and_the_team_sees_it(bilal, salma, given, watch):
    seen = watch()
    services.remind(actor=bilal.actor, ref=given.ref, now=timezone.now())
    assert seen.verbs() == ["tasks.reminded"]
    assert "Your coordinator asks" in salma.client.get("/me/tasks/").text


def test_a_second_reminder_within_twelve_hours_is_refused(bilal, given, watch, now):
    services.remind(actor=bilal.actor, ref=given.ref, now=now)
    seen = watch()
    with pytest.raises(LimitReached):
        services.remind(actor=bilal.actor, ref=given.ref, now=now + timedelta(hours=11))
    assert Reminder.objects.count() == 1
    assert seen.nothing_happened()


def test_reminding_needs_the_right_and_something_to_do(meera, dev, bilal, given, handed_in, watch, now):
    seen = watch()
    for actor, refusal in ((meera.actor, NotAllowed), (dev.actor, NotFound), (bilal.actor, WrongState)):
        with pytest.raises(refusal):
            services.remind(actor=actor, ref=handed_in.ref, now=now)
    assert not Reminder.objects.exists()
    assert seen.nothing_happened()


def test_due_reminders_go_through_the_one_door_to_whoever_agreed(bilal, salma, accepted, noon, agree):
    now = noon
    agree(salma)
    services.remind(actor=bilal.actor, ref=accepted.ref, now=now)
    assert services.send_reminders(link=LINK, now=now) == 1
    [message] = Message.objects.all()
    assert (message.person_id, message.template) == (salma.person.pk, "reminder")
    assert message.params["link"] == LINK
    assert services.send_reminders(link=LINK, now=now) == 0
    assert not queries.due_reminders(now).exists()


def test_who_did_not_agree_to_messages_gets_none_but_sees_it_in_toli(bilal, salma, accepted, now):
    services.remind(actor=bilal.actor, ref=accepted.ref, now=now)
    services.send_reminders(link=LINK, now=now)
    assert not Message.objects.exists()
    assert "Your coordinator asks" in salma.client.get("/me/tasks/").text


def test_in_quiet_hours_reminders_wait_where_work_done_meanwhile_stops_them(bilal, salma, accepted, agree, now):
    agree(salma)
    evening = local_at(local_day(now) + timedelta(days=1), time(22, 30))
    services.remind(actor=bilal.actor, ref=accepted.ref, now=evening)
    assert services.send_reminders(link=LINK, now=evening) == 0
    assert not Message.objects.exists()
    hand_in(salma, accepted)
    morning = evening + timedelta(hours=11)
    services.drop_stale_reminders(now=morning)
    assert services.send_reminders(link=LINK, now=morning) == 0
    assert not Message.objects.exists()


def test_a_message_that_waits_for_its_provider_is_stopped_when_the_work_is_handed_in(
    bilal, salma, accepted, agree, noon
):
    agree(salma)
    services.remind(actor=bilal.actor, ref=accepted.ref, now=noon)
    services.send_reminders(link=LINK, now=noon)
    hand_in(salma, accepted)
    assert services.drop_stale_reminders(now=noon + timedelta(minutes=5)) == 1
    [message] = Message.objects.all()
    assert (message.state, message.reason) == ("refused", "cancelled")
    assert services.drop_stale_reminders(now=noon + timedelta(minutes=7)) == 0


def test_a_person_turns_reminders_by_sms_off_and_on_again(bilal, salma, accepted, agree, noon, watch):
    agree(salma)
    page = salma.client.post("/me/tasks/reminders/", {"on": "0"}, follow=True).text
    assert "Reminders by SMS are off." in page
    services.remind(actor=bilal.actor, ref=accepted.ref, now=noon)
    services.send_reminders(link=LINK, now=noon)
    assert not Message.objects.exists()
    [shown] = queries.my_work(salma.actor, now=noon).to_do
    assert shown.reminder is not None, "in Toli it is still seen"
    seen = watch()
    for _twice in range(2):
        salma.client.post("/me/tasks/reminders/", {"on": "1"})
    assert seen.verbs() == ["tasks.reminders_unmuted"]
    later = noon + timedelta(hours=13)
    later = later if quiet_ends(later) is None else quiet_ends(later)
    services.remind(actor=bilal.actor, ref=accepted.ref, now=later)
    services.send_reminders(link=LINK, now=later)
    assert Message.objects.count() == 1
