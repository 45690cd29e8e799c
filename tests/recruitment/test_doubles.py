"""Two entries of one person had both applied: joined, one application stays; parted, each has its own again."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment.conftest import Applicant

from toli.audit.models import Record
from toli.org import services as org
from toli.people.models import Person
from toli.recruitment import jobs, services
from toli.recruitment.models import Application

FIRST, SECOND = "1000000042", "1000000043"


def follow(verb: str) -> None:
    """What the worker does once the newest record of this verb is sealed."""
    ids = [Record.objects.filter(verb=verb).latest("id").id]
    {"people.merged": jobs.withdraw_doubles, "people.merge_undone": jobs.restore_doubles}[verb].func(record_ids=ids)


def apply(answers, phone) -> Application:
    somebody = Applicant()
    somebody.fill({**answers, "phone": phone})
    somebody.type_code()
    return Application.objects.latest("id")


@pytest.fixture
def pair(drive, answers):
    return apply(answers, FIRST), apply(answers, SECOND)


def join(member, kept: Application, gone: Application):
    made = org.merge_persons(
        actor=member.actor, kept_ref=kept.person.ref, gone_ref=gone.person.ref, take={}, now=timezone.now()
    )
    follow("people.merged")
    return made


def part(member, merge) -> None:
    org.undo_merge(actor=member.actor, ref=merge.ref, now=timezone.now())
    follow("people.merge_undone")


def states(*applications: Application) -> list[str]:
    for one in applications:
        one.refresh_from_db()
    return [one.state for one in applications]


def test_the_double_is_withdrawn_and_comes_back_when_the_entries_are_parted(bilal, pair, watch):
    kept, gone = pair
    merge = join(bilal, kept, gone)
    assert states(kept, gone) == ["submitted", "withdrawn"]
    part(bilal, merge)
    assert states(kept, gone) == ["submitted", "submitted"]
    assert (gone.set_aside, gone.person.state) == (None, Person.State.ACTIVE)
    [record] = Record.objects.filter(verb="recruitment.reopened")
    assert (record.data["applications"], record.data["rows"]) == (1, 1)
    seen = watch()
    follow("people.merge_undone")
    follow("people.merged")
    assert states(kept, gone) == ["submitted", "submitted"]
    assert seen.nothing_happened()


def test_it_comes_back_with_its_offer_where_the_seat_is_still_free(bilal, pair, tree):
    kept, gone = pair
    seat = cast.add_seat(tree.booth, "booth_team", "booth_youth", 2)
    services.offer_seat(actor=bilal.actor, ref=gone.ref, seat_ref=seat.ref, now=timezone.now())
    gone.refresh_from_db()
    offer = gone.appointment_ref
    merge = join(bilal, kept, gone)
    assert states(gone) == ["withdrawn"]
    part(bilal, merge)
    assert states(gone) == ["offered"]
    assert gone.appointment_ref == offer


def test_without_its_offer_it_waits_for_a_seat(bilal, pair, tree):
    kept, gone = pair
    seat = cast.add_seat(tree.booth, "booth_team", "booth_youth", 2)
    services.offer_seat(actor=bilal.actor, ref=gone.ref, seat_ref=seat.ref, now=timezone.now())
    gone.refresh_from_db()
    org.withdraw_offer(actor=bilal.actor, ref=gone.appointment_ref, now=timezone.now())
    merge = join(bilal, kept, gone)  # before the job of the withdrawn offer ran
    part(bilal, merge)
    assert (states(gone), gone.appointment_ref) == (["submitted"], None)


def test_what_a_person_withdrew_stays_withdrawn(bilal, pair):
    kept, gone = pair
    services.withdraw(actor=cast.CastMember(gone.person, "").actor, ref=gone.ref, now=timezone.now())
    part(bilal, join(bilal, kept, gone))
    assert states(kept, gone) == ["submitted", "withdrawn"]
