"""Two entries of one person: found in any script, joined field by field, parted again; the figures stay exact."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast

from toli.audit.models import Record
from toli.kit.errors import BadInput, NeedsSecondFactor, NotAllowed, NotFound, WrongState
from toli.org import services
from toli.org.models import Appointment, Membership
from toli.org.queries import duplicates
from toli.org.services.counts import drift
from toli.people import services as people
from toli.people.models import ContactPoint, DuplicatePair, Person
from toli.tasks.models import HandIn


def exact() -> bool:
    services.fold_counts()
    return drift(now=timezone.now()) == []


@pytest.fixture
def hindi(tree):
    """Ravi Salvi once more: in Devanagari, with another number."""
    return cast.add_person("रवि साल्वी", "+911000000016", home=tree.booth)


def find(**scope) -> dict[frozenset[int], str]:
    services.find_duplicates(now=timezone.now(), **scope)
    return {frozenset((p.a_id, p.b_id)): p.why for p in DuplicatePair.objects.filter(state="open")}


def merge(member, kept, gone, **take):
    return services.merge_persons(
        actor=member.actor, kept_ref=kept.ref, gone_ref=gone.ref, take=take, now=timezone.now()
    )


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


# --- finding ---


def test_one_name_in_two_scripts_at_one_home_is_suggested(ravi, hindi):
    assert find() == {frozenset((ravi.person.pk, hindi.pk)): "name_home_year"}


@pytest.mark.parametrize(
    ("name", "why"),
    [("Ravee Salvi", "name_home_year"), ("Ravi Kumar Salvi", "name_home_year"), ("Shri Ravi Salvi", "name_home_year"),
     ("SALVI RAVI", "name_home_year"), ("Ravi Sharma", None), ("Raju Salvi", None)],
)  # fmt: skip
def test_what_counts_as_the_same_name(ravi, tree, name, why):
    other = cast.add_person(name, "+911000000017", home=tree.booth)
    assert find().get(frozenset((ravi.person.pk, other.pk))) == why


def test_the_same_number_is_suggested_and_a_familys_phone_is_told_apart(ravi, tree):
    twin = cast.add_person("राजेश", "+911000000019", birth_year=1980)
    same = people.create_person(
        actor=cast.SYSTEM, holder=None, number="+911000000019", name="Rajesh Meena", birth_year=1981,
        now=timezone.now(), verified=True,
    )  # fmt: skip
    wife = people.create_person(
        actor=cast.SYSTEM, holder=None, number="+911000000019", name="Sita Devi", birth_year=1984,
        now=timezone.now(), verified=True,
    )  # fmt: skip
    found = find()
    assert found[frozenset((twin.pk, same.pk))] == "number_and_name"
    assert found[frozenset((twin.pk, wife.pk))] == "number"
    assert again(twin).duplicate_flag
    assert again(same).duplicate_flag
    assert not again(wife).duplicate_flag, "a family's phone is no doubt"


def test_the_same_name_in_another_district_is_not_suggested(ravi, tree):
    cast.add_person("Ravi Salvi", "+911000000018", home=tree.far_booth)
    assert find() == {}


def test_a_doubted_holder_is_not_verified_until_somebody_looked(bilal, chitra, tree):
    other = cast.add_person("चित्रा गुर्जर", "+911000000023", home=tree.booth)
    find()
    assert again(chitra.person).duplicate_flag
    assert exact()
    pair = DuplicatePair.objects.get()
    services.call_different(actor=bilal.actor, ref=pair.ref, now=timezone.now())
    assert not again(chitra.person).duplicate_flag
    assert not again(other).duplicate_flag
    assert exact()


def test_not_the_same_person_is_remembered(bilal, ravi, hindi):
    find()
    services.call_different(actor=bilal.actor, ref=DuplicatePair.objects.get().ref, now=timezone.now())
    assert find() == {}
    assert DuplicatePair.objects.get().state == "different"


def test_a_pair_that_no_longer_looks_alike_goes(ravi, hindi):
    find()
    people.correct_person(actor=cast.SYSTEM, person=hindi, now=timezone.now(), name="Mohan Lal")
    assert find() == {}


def test_another_district_sees_no_such_pair(dev, bilal, ravi, hindi, watch):
    find()
    pair = DuplicatePair.objects.get()
    assert not duplicates.pairs_in_charge(dev.actor).exists()
    assert duplicates.pairs_in_charge(bilal.actor).exists()
    seen = watch()
    with pytest.raises(NotFound):
        services.call_different(actor=dev.actor, ref=pair.ref, now=timezone.now())
    assert seen.nothing_happened()


def test_looking_in_one_district_leaves_the_others_alone(tree, ravi, hindi):
    cast.add_person("Kamla Bai", "+911000000024", home=tree.far_booth)
    cast.add_person("कमला बाई", "+911000000025", home=tree.far_booth)
    lo, hi = tree.bhilwara.path, tree.bhilwara.path[:-1] + "0"
    assert len(find(ranges=[(lo, hi)])) == 1
    assert len(find()) == 2


# --- joining ---


def test_the_chosen_value_of_each_field_stays(bilal, ravi, hindi):
    people.correct_person(actor=cast.SYSTEM, person=hindi, now=timezone.now(), contact_preference="app")
    merge(bilal, ravi.person, hindi, name="gone", contact_preference="gone", birth_year="kept")
    kept, gone = again(ravi.person), again(hindi)
    assert (kept.name, kept.contact_preference, kept.birth_year) == ("रवि साल्वी", "app", 1990)
    assert (gone.state, gone.merged_into_id, kept.merged_from) == ("merged", kept.pk, [gone.pk])
    assert exact()


def test_what_points_at_the_entry_that_goes_points_at_the_kept_one(bilal, ravi, hindi, tree):
    seat = cast.add_seat(tree.booths[1], "booth_team", "booth_youth")
    held = cast.put_on_seat(hindi, seat)
    merge(bilal, ravi.person, hindi)
    held.refresh_from_db()
    assert held.person_id == ravi.person.pk
    assert held.state == "accepted"
    assert Membership.objects.filter(person=ravi.person, valid_to=None).count() == 1
    assert not Membership.objects.filter(person=hindi).exists()
    assert exact()


def test_two_seats_in_one_team_become_one(bilal, tree, ravi, hindi):
    first = cast.put_on_seat(ravi.person, cast.add_seat(tree.booth, "booth_team", "booth_youth", 1))
    second = cast.put_on_seat(hindi, cast.add_seat(tree.booth, "booth_team", "booth_youth", 2))
    merge(bilal, ravi.person, hindi)
    states = {a.pk: a.state for a in Appointment.objects.filter(pk__in=[first.pk, second.pk])}
    assert states == {first.pk: "accepted", second.pk: "ended"}
    assert exact()


def test_an_offer_beside_a_seat_in_one_team_is_taken_back(bilal, tree, ravi, hindi):
    seat = cast.add_seat(tree.booth, "booth_team", "booth_youth", 1)
    offer = services.offer_seat(actor=bilal.actor, seat_ref=seat.ref, person_ref=ravi.person.ref, now=timezone.now())
    held = cast.put_on_seat(hindi, cast.add_seat(tree.booth, "booth_team", "booth_youth", 2))
    merge(bilal, ravi.person, hindi)
    offer.refresh_from_db()
    held.refresh_from_db()
    assert (offer.state, held.state, held.person_id) == ("withdrawn", "accepted", ravi.person.pk)
    assert exact()


def test_the_record_names_both_entries(bilal, ravi, hindi, watch):
    from toli.audit.queries import timeline

    seen = watch()
    merge(bilal, ravi.person, hindi)
    assert "people.merged" in seen.verbs()
    record = Record.objects.get(verb="people.merged")
    assert "Ravi" not in str(record.data)
    for person in (ravi.person, hindi):
        assert record in timeline(ref=person.ref)


def test_a_no_of_either_entry_counts_for_the_person(bilal, ravi, hindi):
    from toli.consent import queries as consent
    from toli.consent import services as consents
    from toli.consent.first_notice import ensure_notice

    now = timezone.now()
    notice = ensure_notice(actor=cast.SYSTEM, now=now)
    other = cast.CastMember(hindi, "")
    for person, actor in ((ravi.person, ravi.actor), (hindi, other.actor)):
        consents.give(
            actor=actor, person=person, notice=notice, language="hi", purposes=["organise", "sms"], session_key="s",
            now=now,
        )  # fmt: skip
    consents.withdraw(actor=other.actor, person=hindi, purpose="sms", now=now)
    merged = merge(bilal, ravi.person, hindi)
    assert not consent.has_consent(ravi.person.pk, "sms")
    assert not consent.may_contact(ravi.person.pk, "organise", "sms", now)
    assert consent.may_contact(ravi.person.pk, "organise", "app", now)
    sql, params = consent.contact_filter("organise", "sms")
    assert ravi.person.pk not in chosen(sql, params)
    services.undo_merge(actor=bilal.actor, ref=merged.ref, now=now)
    assert consent.may_contact(ravi.person.pk, "organise", "sms", now)
    assert ravi.person.pk in chosen(sql, params)
    assert hindi.pk not in chosen(sql, params)


def chosen(sql, params) -> set[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT p.id FROM people_person p WHERE {sql}", params)
        return {row[0] for row in cursor.fetchall()}


# --- refusals ---


def test_a_coordinator_of_another_district_joins_nothing(dev, ravi, hindi, watch):
    seen = watch()
    with pytest.raises(NotFound):
        merge(dev, ravi.person, hindi)
    assert seen.nothing_happened()
    assert again(hindi).state == "active"


def test_joining_needs_the_second_proof(bilal, ravi, hindi, watch):
    seen = watch()
    with pytest.raises(NeedsSecondFactor):
        services.merge_persons(
            actor=bilal.acting(second_factor=False), kept_ref=ravi.person.ref, gone_ref=hindi.ref, take={},
            now=timezone.now(),
        )  # fmt: skip
    assert seen.nothing_happened()


def test_nobody_joins_their_own_entries(bilal, tree, watch):
    double = cast.add_person("बिलाल ख़ान", "+911000000022", home=tree.bhilwara)
    seen = watch()
    for kept, gone in ((bilal.person, double), (double, bilal.person)):
        with pytest.raises(NotAllowed):
            merge(bilal, kept, gone)
    assert seen.nothing_happened()


def test_nobody_takes_over_a_seat_above_them_by_joining_its_holder(bilal, tree, watch):
    above = cast.cast_member("Sunita Verma", "+911000000028", tree.state, "state_team", "state_member")
    services.set_home(actor=cast.SYSTEM, person=above.person, unit=tree.booth, now=timezone.now())
    puppet = cast.add_person("सुनीता वर्मा", "+911000000029", home=tree.booth)
    seen = watch()
    with pytest.raises(NotAllowed):
        merge(bilal, puppet, above.person)
    assert seen.nothing_happened()
    assert again(above.person).state == "active"
    above.appointment.refresh_from_db()
    assert above.appointment.person_id == above.person.pk


def test_garbage_choices_and_one_entry_twice_are_refused(bilal, ravi, hindi, watch):
    seen = watch()
    for take in ({"state": "gone"}, {"name": "both"}):
        with pytest.raises(BadInput):
            merge(bilal, ravi.person, hindi, **take)
    with pytest.raises(BadInput):
        merge(bilal, ravi.person, ravi.person)
    assert seen.nothing_happened()


def test_an_entry_that_went_is_not_joined_again(bilal, ravi, hindi):
    merge(bilal, ravi.person, hindi)
    with pytest.raises(NotFound):
        merge(bilal, ravi.person, hindi)


# --- parting ---


def rows_of(person: Person) -> dict[str, list]:
    return {
        "seats": list(Appointment.objects.filter(person=person).order_by("pk").values_list("pk", "state", "valid_to")),
        "homes": list(Membership.objects.filter(person=person).order_by("pk").values_list("pk", "valid_to")),
        "points": list(ContactPoint.objects.filter(person=person).order_by("pk").values_list("pk", "valid_to")),
        "person": list(Person.objects.filter(pk=person.pk).values_list(
            "name", "birth_year", "contact_preference", "state", "merged_from", "merged_into", "tokens")),
        "hand_ins": list(HandIn.objects.filter(person=person).values_list("pk")),
    }  # fmt: skip


def test_undo_gives_both_their_rows_and_values_back(bilal, tree, ravi, hindi):
    cast.put_on_seat(ravi.person, cast.add_seat(tree.booth, "booth_team", "booth_youth", 1))
    cast.put_on_seat(hindi, cast.add_seat(tree.booth, "booth_team", "booth_youth", 2))
    cast.put_on_seat(hindi, cast.add_seat(tree.booths[1], "booth_team", "booth_youth", 1))
    find()
    before = [rows_of(p) for p in (ravi.person, hindi)]
    done = merge(bilal, ravi.person, hindi, name="gone", home="gone")
    assert [rows_of(p) for p in (ravi.person, hindi)] != before
    assert exact()
    assert services.undo_merge(actor=bilal.actor, ref=done.ref, now=timezone.now()) == 0
    after = [rows_of(p) for p in (ravi.person, hindi)]
    after[0]["person"] = [(*after[0]["person"][0][:4], after[0]["person"][0][4] or None, *after[0]["person"][0][5:])]
    assert after == before
    assert exact()
    assert DuplicatePair.objects.get().state == "open"


def test_a_seat_somebody_else_took_meanwhile_stays_theirs(bilal, tree, ravi, hindi):
    cast.put_on_seat(ravi.person, cast.add_seat(tree.booth, "booth_team", "booth_youth", 1))
    seat = cast.add_seat(tree.booth, "booth_team", "booth_youth", 2)
    cast.put_on_seat(hindi, seat)
    done = merge(bilal, ravi.person, hindi)
    other = cast.add_person("Mohan Lal", "+911000000030", home=tree.booth)
    cast.put_on_seat(other, seat)
    assert services.undo_merge(actor=bilal.actor, ref=done.ref, now=timezone.now()) == 1
    assert Appointment.objects.get(seat=seat, state="accepted").person_id == other.pk
    assert exact()


def test_after_thirty_days_it_stays_joined_and_the_other_values_are_erased(bilal, ravi, hindi):
    done = merge(bilal, ravi.person, hindi)
    late = timezone.now() + timedelta(days=31)
    with pytest.raises(NotFound):
        services.undo_merge(actor=bilal.actor, ref=done.ref, now=late)
    people.purge_due(actor=cast.SYSTEM, now=late)
    assert (again(hindi).name, again(hindi).state) == ("", "purged")
    assert again(ravi.person).name == "Ravi Salvi"


def test_a_later_merge_is_parted_first(bilal, tree, ravi, hindi):
    third = cast.add_person("Ravi Salwi", "+911000000033", home=tree.booth)
    first = merge(bilal, ravi.person, hindi)
    second = merge(bilal, third, ravi.person)
    assert again(hindi).merged_into_id == third.pk
    assert set(again(third).merged_from) == {ravi.person.pk, hindi.pk}
    with pytest.raises((NotFound, WrongState)):
        services.undo_merge(actor=bilal.actor, ref=first.ref, now=timezone.now())
    services.undo_merge(actor=bilal.actor, ref=second.ref, now=timezone.now())
    assert again(hindi).merged_into_id == ravi.person.pk
    services.undo_merge(actor=bilal.actor, ref=first.ref, now=timezone.now())
    assert again(hindi).state == "active"
    assert exact()


def test_a_plain_id_of_who_did_something_follows_too(bilal, tree, ravi, hindi):
    """A second person is compared by it: nobody approves their own words through another entry."""
    seat = cast.add_seat(tree.booth, "booth_team", "booth_youth", 3)
    other = cast.add_person("Mohan Lal", "+911000000034", home=tree.booth)
    offer = Appointment.objects.create(seat=seat, person=other, offered_by_id=hindi.pk, offered_at=timezone.now())
    services.add_counts([(seat.unit_id, None, "offered", 1, None)])
    merge(bilal, ravi.person, hindi)
    offer.refresh_from_db()
    assert offer.offered_by_id == ravi.person.pk
    assert exact()


def test_a_row_that_names_both_entries_keeps_both(bilal, tree, ravi, hindi):
    """Who did the work and who checked it stay two, so that the rule "nobody verifies their own" is not broken."""
    from toli.elections.models import PollVersion

    fields = {f.name for f in PollVersion._meta.get_fields()}
    assert {"proposed_by", "decided_by"} <= fields
    from toli.org.services.merging import Pointer, _rows_that_may_move

    rows = _rows_that_may_move(Pointer(PollVersion, "decided_by_id"), ravi.person, hindi)
    assert "proposed_by_id" in str(rows.query)
