"""Rights of a seat given for a time: only what one has, where one has it, and gone with the seat."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast

from toli.audit import sentences
from toli.audit.models import Record
from toli.kit.errors import BadInput, NeedsSecondFactor, NotAllowed, NotFound
from toli.org import access, services
from toli.org.models import Delegation, Seat, SeatCharge, Unit

RIGHTS = ["org.view", "org.offer", "people.view", "org.end"]


def give(giver, to, *, unit=None, rights=RIGHTS, actor=None, start=0, days=7):
    now = timezone.now()
    return services.give_delegation(
        actor=actor or giver.actor, appointment_ref=giver.appointment.ref, person_ref=to.person.ref,
        unit_ref=(unit or giver.seat.unit).ref, rights=rights, starts_at=now + timedelta(days=start),
        ends_at=now + timedelta(days=start + days), now=now,
    )  # fmt: skip


def test_the_receiver_may_do_what_was_given_and_nothing_else(bilal, ravi, tree):
    give(bilal, ravi)
    assert access.may(ravi.actor, "org.offer", tree.booth)
    assert not access.may(ravi.actor, "org.suspend", tree.booth)
    assert not access.may(ravi.actor, "org.offer", tree.far_booth)


def test_it_holds_only_in_the_unit_it_was_given_for(bilal, ravi, tree):
    give(bilal, ravi, unit=tree.booths[1])
    assert access.may(ravi.actor, "org.offer", tree.booths[1])
    assert not access.may(ravi.actor, "org.offer", tree.booth)


def test_it_begins_and_ends_to_the_minute(bilal, ravi, tree):
    made = give(bilal, ravi, start=2, days=3)
    for at, holds in (
        (made.starts_at - timedelta(seconds=1), False), (made.starts_at, True),
        (made.ends_at - timedelta(seconds=1), True), (made.ends_at, False),
    ):  # fmt: skip
        assert access.may(ravi.acting(second_factor=True, at=at), "org.offer", tree.booth) is holds


def test_a_record_says_on_behalf_of_whom_and_own_acts_do_not(bilal, ravi, tree):
    give(bilal, ravi)
    seat, other = cast.add_seat(tree.booth, "booth_team", "booth_youth"), cast.add_person("Neelam", "+911000000041")
    services.set_home(actor=cast.SYSTEM, person=other, unit=tree.booth, now=timezone.now())
    services.offer_seat(actor=ravi.actor, seat_ref=seat.ref, person_ref=other.ref, now=timezone.now())
    record = Record.objects.filter(verb="org.offered").latest("id")
    assert (record.actor_person_id, record.on_behalf_of_id) == (ravi.person.pk, bilal.person.pk)
    assert "on behalf of District coordinator, Bhilwara" in sentences.sentence(record, "en")
    assert "की ओर से" in sentences.sentence(record, "hi")
    mine = cast.add_seat(tree.booth, "booth_team", "booth_youth", 2)
    offer = services.offer_seat(actor=bilal.actor, seat_ref=mine.ref, person_ref=ravi.person.ref, now=timezone.now())
    services.accept_offer(actor=ravi.actor, ref=offer.ref, now=timezone.now())
    assert Record.objects.filter(verb="org.accepted").latest("id").on_behalf_of_id is None


def test_whoever_has_the_right_themselves_acts_for_themselves(asha, bilal, tree):
    give(asha, bilal, unit=tree.bhilwara, rights=["org.view", "org.offer", "people.view"])
    seat, other = cast.add_seat(tree.booth, "booth_team", "booth_youth"), cast.add_person("Neelam", "+911000000041")
    services.set_home(actor=cast.SYSTEM, person=other, unit=tree.booth, now=timezone.now())
    services.offer_seat(actor=bilal.actor, seat_ref=seat.ref, person_ref=other.ref, now=timezone.now())
    assert Record.objects.filter(verb="org.offered").latest("id").on_behalf_of_id is None


# Never more than the giver has


@pytest.mark.parametrize("rights", [["org.shape"], ["org.import", "org.view"], ["no.such"], []])
def test_nobody_gives_a_right_their_seat_has_not(bilal, ravi, rights, watch):
    seen = watch()
    with pytest.raises(BadInput):
        give(bilal, ravi, rights=rights)
    assert seen.nothing_happened()
    assert not Delegation.objects.exists()


def test_nobody_gives_rights_outside_their_charge(bilal, ravi, dev, tree, watch):
    seen = watch()
    for unit in (tree.far_booth, tree.state):
        with pytest.raises((BadInput, NotFound)):
            give(bilal, ravi, unit=unit)
    with pytest.raises(NotFound):
        give(dev, ravi)  # ravi lives in bilal's district
    assert seen.nothing_happened()


def test_a_charge_narrows_what_can_be_given(bilal, ravi, tree):
    SeatCharge.objects.create(seat=bilal.seat, unit=tree.raipur)
    with pytest.raises(NotFound):
        give(bilal, ravi, unit=tree.bhilwara)
    give(bilal, ravi, unit=tree.raipur)
    assert access.may(ravi.actor, "org.offer", tree.booth)
    SeatCharge.objects.filter(seat=bilal.seat).update(unit=tree.booths[1])
    assert not access.may(ravi.actor, "org.offer", tree.booth)
    assert access.may(ravi.actor, "org.offer", tree.booths[1])


def test_a_right_the_role_loses_is_lost_to_the_receiver_too(bilal, ravi, tree):
    give(bilal, ravi)
    role = bilal.seat.role
    role.rights = [r for r in role.rights if r != "org.offer"]
    role.save()
    assert not access.may(ravi.actor, "org.offer", tree.booth)
    assert access.may(ravi.actor, "org.end", tree.booth)


def test_what_was_given_cannot_be_given_on(bilal, ravi, chitra, tree, watch):
    give(bilal, ravi)
    give(bilal, chitra)
    seen = watch()
    with pytest.raises(NotFound):
        give(bilal, chitra, actor=ravi.actor)
    with pytest.raises(BadInput):
        give(chitra, ravi, rights=["org.offer"])
    assert seen.nothing_happened()


def test_nobody_gives_to_themselves(bilal, watch):
    seen = watch()
    with pytest.raises(NotAllowed):
        give(bilal, bilal)
    assert seen.nothing_happened()


def test_sensitive_rights_need_a_second_proof_of_both(bilal, ravi, tree, watch, monkeypatch):
    seen = watch()
    with pytest.raises(BadInput):
        give(bilal, ravi, rights=["people.reveal"])
    with pytest.raises(NeedsSecondFactor):
        give(bilal, ravi, rights=["people.reveal"], actor=bilal.acting(second_factor=False))
    assert seen.nothing_happened()
    enrol(ravi.person)
    give(bilal, ravi, rights=["people.reveal"])
    with pytest.raises(NeedsSecondFactor):
        access.require(ravi.acting(second_factor=False), "people.reveal", tree.booth)
    access.require(ravi.actor, "people.reveal", tree.booth)


def enrol(person):
    """An app code, as allauth keeps it."""
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=person.holder.login, type=Authenticator.Type.TOTP, data={"secret": "x"})


# Its end


@pytest.mark.parametrize("who", ["bilal", "ravi", "asha"])
def test_either_of_the_two_or_an_officer_ends_it_at_once(who, asha, bilal, ravi, tree, watch):
    made = give(bilal, ravi)
    seen = watch()
    member = {"bilal": bilal, "ravi": ravi, "asha": asha}[who]
    services.end_delegation(actor=member.actor, ref=made.ref, now=timezone.now())
    services.end_delegation(actor=member.actor, ref=made.ref, now=timezone.now())
    assert not access.may(ravi.actor, "org.offer", tree.booth)
    assert seen.verbs() == ["org.delegation_ended"]


def test_nobody_else_ends_it(bilal, ravi, dev, chitra, meera, watch):
    made = give(bilal, ravi)
    seen = watch()
    for member in (dev, chitra, meera):
        with pytest.raises(NotFound):
            services.end_delegation(actor=member.actor, ref=made.ref, now=timezone.now())
    assert seen.nothing_happened()


def test_it_ends_with_the_givers_seat(asha, bilal, ravi, tree):
    give(bilal, ravi)
    services.end_appointment(actor=asha.actor, ref=bilal.appointment.ref, reason="term", now=timezone.now())
    assert not access.may(ravi.actor, "org.offer", tree.booth)


def test_it_ends_when_the_seat_closes(bilal, ravi, tree):
    give(bilal, ravi)
    Seat.objects.filter(pk=bilal.seat.pk).update(closed_at=timezone.now())
    assert not ravi.actor.grants()


@pytest.mark.parametrize("suspended", ["bilal", "ravi"])
def test_a_suspension_of_either_ends_it_for_good(asha, bilal, ravi, chitra, tree, suspended):
    receiver = chitra
    give(bilal, receiver)
    who = bilal if suspended == "bilal" else receiver
    services.suspend_now(actor=asha.actor, ref=who.appointment.ref, reason="a list", now=timezone.now())
    assert not access.may(receiver.actor, "org.offer", tree.booth)
    services.restore(actor=asha.actor, ref=who.appointment.ref, now=timezone.now())
    assert not access.may(receiver.actor, "org.offer", tree.booth)


def test_it_is_for_ninety_days_at_most_and_runs_forward(bilal, ravi, watch):
    seen = watch()
    for days in (91, 0, -1):
        with pytest.raises(BadInput):
            give(bilal, ravi, days=days)
    assert seen.nothing_happened()


def test_it_follows_a_unit_that_moves_out_of_the_givers_charge(asha, bilal, ravi, tree):
    give(bilal, ravi, unit=tree.raipur)
    services.move_unit(actor=asha.actor, unit=tree.raipur, parent=tree.vallabhnagar, today=timezone.localdate())
    assert not access.may(ravi.actor, "org.offer", Unit.objects.get(pk=tree.booth.pk))


def test_grants_are_still_read_in_one_query(bilal, ravi, django_assert_num_queries):
    from toli.org import queries

    give(bilal, ravi)
    with django_assert_num_queries(1):
        queries.actor_for(ravi.person, now=timezone.now())


# The pages


def test_both_see_it_and_the_receiver_ends_it_on_the_page(bilal, chitra, tree):
    found = bilal.client.get(f"/desk/appointments/{bilal.appointment.ref}/give-rights/", {"q": "chitra"})
    assert "Chitra Gurjar" in found.content.decode()
    sent = {
        "person": str(chitra.person.ref), "rights": ["org.offer"], "unit": str(tree.bhilwara.ref),
        "ends_on": (timezone.localdate() + timedelta(days=3)).isoformat(),
    }  # fmt: skip
    address = f"/desk/appointments/{bilal.appointment.ref}/give-rights/?q=chitra"
    assert bilal.client.post(address, sent).status_code == 302
    assert "Chitra Gurjar" in bilal.client.get("/desk/delegations/").content.decode()
    page = chitra.client.get("/desk/delegations/").content.decode()
    assert "Bilal Khan" in page
    made = Delegation.objects.get()
    assert chitra.client.post(f"/desk/delegations/{made.ref}/end/").status_code == 302
    assert not access.may(chitra.actor, "org.offer", tree.booths[1])


def test_a_spoilt_form_keeps_what_was_written(bilal, chitra):
    address = f"/desk/appointments/{bilal.appointment.ref}/give-rights/?q=chitra"
    for sent in ({}, {"person": "x", "rights": ["org.shape"], "unit": "y", "ends_on": "tomorrow"}):
        assert bilal.client.post(address, sent).status_code == 422
    assert chitra.client.get(address).status_code == 404
