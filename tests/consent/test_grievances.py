"""A complaint goes past one's own chain to the state's desk, has its clocks, and leaves no value in any record."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import cast

from toli.audit import queries as audit_queries
from toli.audit.models import PersonalRead, Record
from toli.consent import services
from toli.consent.models import Grievance
from toli.consent.queries import data, grievances
from toli.kit.errors import BadInput, LimitReached, NeedsSecondFactor, NotAllowed, NotFound, WrongState
from toli.org.models import Role, SeatCharge

WORDS = "Chitra ke ghar se phone par dhamki"


def complain(member, kind="harassment", words=WORDS, about=None, now=None):
    return services.file_grievance(
        actor=member.actor, kind=kind, words=words, about_ref=about.ref if about else None, now=now or timezone.now()
    )


def sees(member) -> list:
    return list(grievances.in_charge(member.actor).values_list("ref", flat=True))


@pytest.fixture
def every_role_has_the_right(db, tree):
    """A right held by somebody of the chain must not help them."""
    for role in Role.objects.all():
        role.rights = [*role.rights, "consent.grievances"]
        role.save()


@pytest.fixture
def on_the_desk(tree):
    return cast.cast_member("Sunita Verma", "+911000000041", tree.state, "state_team", "state_member")


# --- who sees it ---


def test_harassment_is_seen_by_the_states_desk_and_by_nobody_of_ones_chain(
    every_role_has_the_right, asha, bilal, chitra, dev, ravi, on_the_desk
):
    found = complain(ravi)
    assert sees(asha) == [found.ref]
    assert sees(on_the_desk) == [found.ref]
    for member in (bilal, chitra, dev, ravi):
        assert sees(member) == []


def test_a_second_seat_at_the_state_opens_nothing_to_ones_chain(every_role_has_the_right, asha, bilal, ravi, tree):
    cast.put_on_seat(bilal.person, cast.add_seat(tree.state, "state_team", "state_member", 5))
    found = complain(ravi)
    assert sees(asha) == [found.ref]
    assert sees(bilal) == []
    with pytest.raises(NotFound):
        grievances.get_grievance(actor=bilal.actor, ref=found.ref)


def test_whoever_joins_the_chain_later_does_not_see_it_either(every_role_has_the_right, on_the_desk, ravi, tree):
    found = complain(ravi)
    assert sees(on_the_desk) == [found.ref]
    cast.put_on_seat(on_the_desk.person, cast.add_seat(tree.raipur, "block_team", "block_coordinator"))
    assert sees(on_the_desk) == []


def test_whoever_left_the_chain_does_not_see_an_old_complaint(every_role_has_the_right, bilal, ravi, tree):
    from toli.org import services as org

    complain(ravi)
    cast.put_on_seat(bilal.person, cast.add_seat(tree.state, "state_team", "state_member", 5))
    org.leave_seat(actor=bilal.actor, ref=bilal.appointment.ref, now=timezone.now())
    assert sees(bilal) == []


def test_a_state_member_in_charge_of_the_district_is_chain(every_role_has_the_right, asha, on_the_desk, ravi, tree):
    SeatCharge.objects.create(seat=on_the_desk.seat, unit=tree.bhilwara)
    SeatCharge.objects.create(seat=on_the_desk.seat, unit=tree.state)
    found = complain(ravi)
    assert sees(on_the_desk) == []
    assert sees(asha) == [found.ref]


def test_the_person_complained_of_never_sees_it(every_role_has_the_right, asha, on_the_desk, tree):
    """The reporter sits at the state themselves: their team mates are their chain."""
    one = cast.cast_member("Kavita Rao", "+911000000042", tree.state, "state_team", "observer")
    found = complain(one, about=on_the_desk.person)
    assert sees(on_the_desk) == []
    assert sees(asha) == []
    assert found.about_id == on_the_desk.person.pk


def test_about_can_only_be_somebody_of_ones_chain(ravi, dev, chitra, watch):
    seen = watch()
    with pytest.raises(BadInput):
        complain(ravi, about=dev.person)
    assert seen.nothing_happened()
    assert complain(ravi, about=chitra.person).about_id == chitra.person.pk


def test_a_complaint_about_data_reaches_the_officer_but_not_whom_it_is_about(
    every_role_has_the_right, asha, bilal, chitra, ravi
):
    found = complain(ravi, kind="data", about=chitra.person)
    assert sees(asha) == [found.ref]
    assert sees(chitra) == []
    assert sees(bilal) == [], "who stood in the chain when it was filed stays out"


def test_ones_own_complaint_is_not_ones_to_answer(asha, ravi):
    found = complain(asha, kind="other", words="the desk is slow")
    with pytest.raises(NotFound):
        grievances.get_grievance(actor=asha.actor, ref=found.ref)


def test_no_list_of_records_of_the_chain_shows_it(bilal, chitra, ravi, asha):
    found = complain(ravi)
    services.acknowledge(actor=asha.actor, ref=found.ref, now=timezone.now())
    for member in (bilal, chitra):
        ranges = [(g.path_lo, g.path_hi) for g in member.actor.grants()]
        verbs = {r.verb for r in audit_queries.recent_records(ranges=ranges, limit=100)}
        assert not any(verb.startswith("consent.grievance") for verb in verbs)
    assert all(not r.verb.startswith("consent.grievance") for r in audit_queries.timeline(ref=ravi.person.ref))


def test_neither_the_record_nor_the_table_holds_its_words(ravi):
    from django.db import connection

    found = complain(ravi)
    record = Record.objects.get(verb="consent.grievance_filed")
    assert (record.data, record.unit_id, record.unit_path) == ({}, None, "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM consent_grievance t")
        assert "dhamki" not in cursor.fetchone()[0]
    assert data.opened(found.text_cipher, found.text_key_version) == WORDS


# --- its way ---


def test_the_way_of_a_complaint_and_its_clocks(asha, ravi, watch):
    now = timezone.now()
    found = complain(ravi, now=now)
    assert found.answer_by == now + timedelta(days=90)
    assert found.acknowledge_by == now + timedelta(hours=12)
    seen = watch()
    services.acknowledge(actor=asha.actor, ref=found.ref, now=now + timedelta(hours=1))
    services.answer(actor=asha.actor, ref=found.ref, words="we spoke to him", now=now + timedelta(days=2))
    [mine] = grievances.mine(ravi.person, now=now + timedelta(days=100))
    assert mine.answer == "we spoke to him"
    assert not mine.due.is_late
    services.settle(actor=ravi.actor, ref=found.ref, now=now + timedelta(days=3))
    assert seen.verbs() == ["consent.grievance_acknowledged", "consent.grievance_answered", "consent.grievance_closed"]


def test_who_is_not_satisfied_gets_a_second_officer(asha, on_the_desk, ravi, watch):
    now = timezone.now()
    found = complain(ravi, now=now)
    services.answer(actor=asha.actor, ref=found.ref, words="nothing to be done", now=now)
    services.reopen(actor=ravi.actor, ref=found.ref, now=now)
    seen = watch()
    with pytest.raises(NotAllowed):
        services.answer(actor=asha.actor, ref=found.ref, words="still nothing", now=now)
    assert seen.nothing_happened()
    services.answer(actor=on_the_desk.actor, ref=found.ref, words="he was suspended", now=now)
    found.refresh_from_db()
    assert (found.state, found.answered_by_id) == ("answered", on_the_desk.person.pk)


def test_what_is_late_comes_first_and_is_told_once(asha, ravi, dev):
    now = timezone.now()
    first = complain(dev, kind="other", words="the page is slow", now=now)
    late = complain(ravi, now=now + timedelta(hours=1))
    assert services.escalate_late(actor=cast.SYSTEM, now=now + timedelta(hours=14)) == 1
    assert services.escalate_late(actor=cast.SYSTEM, now=now + timedelta(hours=14)) == 0
    assert [g.ref for g in grievances.listed(asha.actor, closed=False)] == [late.ref, first.ref]
    services.acknowledge(actor=asha.actor, ref=first.ref, now=now + timedelta(hours=2))
    assert services.escalate_late(actor=cast.SYSTEM, now=now + timedelta(days=91)) == 1


def test_reading_it_is_noted_and_the_reporter_sees_that(asha, ravi):
    found = complain(ravi)
    page = asha.client.get(reverse("consent:complaint", args=[found.ref]))
    assert WORDS in page.text
    assert PersonalRead.objects.filter(person_id=ravi.person.pk, columns__contains="Grievance.text_cipher").exists()
    assert any(look.is_complaint for look in data.looks_at(ravi.person))


def test_refusals(asha, bilal, ravi, watch):
    now = timezone.now()
    found = complain(ravi)
    seen = watch()
    with pytest.raises(NeedsSecondFactor):
        services.acknowledge(actor=asha.acting(second_factor=False), ref=found.ref, now=now)
    for wrong in (
        lambda: services.reopen(actor=ravi.actor, ref=found.ref, now=now),
        lambda: complain(ravi, kind="caste"),
        lambda: complain(ravi, words="   "),
        lambda: complain(ravi, words="x" * 3000),
    ):
        with pytest.raises((WrongState, BadInput)):
            wrong()
    with pytest.raises(NotFound):
        services.settle(actor=bilal.actor, ref=found.ref, now=now)
    with pytest.raises(NotAllowed):
        services.file_grievance(
            actor=cast.SYSTEM.__class__(person_id=ravi.person.pk),
            kind="other",
            words="by a job",
            about_ref=None,
            now=now,
        )
    assert seen.nothing_happened()


def test_five_open_ones_are_enough(ravi, watch):
    for _n in range(5):
        complain(ravi)
    seen = watch()
    with pytest.raises(LimitReached):
        complain(ravi)
    assert seen.nothing_happened()
    assert Grievance.objects.count() == 5


# --- the pages ---


def test_two_taps_from_my_day(ravi, asha, notice):
    day = ravi.client.get(reverse("volunteer:day")).text
    address = reverse("consent:complain")
    assert f'href="{address}"' in day
    form = ravi.client.get(address)
    assert 'value="harassment"' in form.text
    sent = ravi.client.post(address, {"kind": "harassment", "words": WORDS, "about": ""}, follow=True)
    found = Grievance.objects.get()
    assert found.receipt in sent.text
    listed = asha.client.get(reverse("consent:complaints_desk"))
    assert found.receipt in listed.text
    assert "Ravi" not in listed.text
    assert WORDS not in listed.text


def test_garbage_from_a_phone_is_a_sentence(ravi, notice):
    for about in ("x", "00000000-0000-0000-0000-000000000000"):
        answer = ravi.client.post(reverse("consent:complain"), {"kind": "harassment", "words": WORDS, "about": about})
        assert answer.status_code == 422
    assert not Grievance.objects.exists()


def test_a_flood_of_reports_is_refused_with_a_sentence_and_all_before_it_is_kept(ravi, asha, watch):
    """Twenty a day; the page tells it, and nothing of what was sent before is lost."""
    form = {"kind": "other", "words": WORDS, "about": ""}
    address = reverse("consent:complain")
    answers = [ravi.client.post(address, form).status_code for _turn in range(20)]
    assert (answers[:5], set(answers[5:])) == ([302] * 5, {429}), "five may be open at a time"
    seen = watch()
    refused = ravi.client.post(address, form)
    assert (refused.status_code, seen.nothing_happened()) == (429, True)
    assert "reported many times" in refused.content.decode()
    assert Grievance.objects.count() == 5
