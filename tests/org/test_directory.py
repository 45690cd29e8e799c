"""Public offices with their source, official accounts confirmed by two, norms, and a place to work besides home."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from tests import cast

from toli.kit.errors import BadInput, NeedsSecondFactor, NotAllowed, NotFound, WrongState
from toli.org import queries, services
from toli.org.importing.directory import read_directory
from toli.org.importing.reading import sheet_of
from toli.org.importing.reorganisation import read_reorganisation
from toli.org.models import Norm, Role, Seat, TeamKind, Term, UnitCode
from toli.org.services.counts import drift

HEAD = "name_hi,name_en,office_en,kind,unit,from,to,source\n"
GOOD = (
    "उदाहरण एक,Example One,MLA,legislator,eci:S20/179,2018-12-11,2023-12-03,Gazette 1\n"
    "उदाहरण दो,Example Two,MLA,विधायक,eci:S20/179,03/12/2023,,Gazette 2\n"
)
BAD = (
    ",,MLA,legislator,,2018-12-11,,Gazette\n"
    "x,X,MLA,legislator,,2018-12-11,,\n"
    "x,X,MLA,legislator,,yesterday,,Gazette\n"
    "x,X,MLA,king,,2018-12-11,,Gazette\n"
    "x,X,MLA,legislator,eci:NO,2018-12-11,,Gazette\n"
    "x,X,MLA,legislator,,2018-12-11,2017-01-01,Gazette\n"
)


def listed(text):
    read = read_directory(sheet_of(text.encode()))
    services.list_terms(actor=cast.SYSTEM, rows=read.rows, source="s.csv", now=timezone.now())
    return read


def test_offices_are_read_with_every_bad_row_named(tree):
    read = read_directory(sheet_of((HEAD + GOOD + BAD).encode()))
    assert len(read.rows) == 2
    assert [r.code for r in read.refused] == [
        "no_name", "no_source", "bad_day", "unknown_kind", "unknown_unit", "term_backwards",
    ]  # fmt: skip


def test_a_sheet_read_twice_lists_nobody_twice(tree):
    listed(HEAD + GOOD)
    listed(HEAD + GOOD)
    assert Term.objects.count() == 2


def test_former_holders_are_kept_and_found_on_demand(tree):
    listed(HEAD + GOOD)
    assert [t.names["en"] for t in queries.terms(on=date(2026, 1, 1))] == ["Example Two"]
    assert [t.names["en"] for t in queries.terms(words="example")] == ["Example Two", "Example One"]
    assert [t.names["en"] for t in queries.terms(words="one")] == ["Example One"]
    assert queries.terms(words="sahara").count() == 2


def test_a_sheet_without_a_source_column_is_refused_whole(tree):
    assert [r.code for r in read_directory(sheet_of(b"name,office,from\nX,MLA,2018-12-11\n")).refused] == ["no_heading"]


# Accounts


def declare(member, unit, name="example_one"):
    return services.declare_handle(
        actor=member.actor, unit_ref=unit.ref, platform="x", handle=name, url="https://example.org/x", automation="",
        now=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def sunita(tree):
    return cast.cast_member("Sunita Verma", "+911000000051", tree.state, "state_team", "state_member")


def test_an_account_is_public_only_after_a_second_person(asha, sunita, tree, watch):
    made = declare(asha, tree.bhilwara)
    assert "example_one" not in Client().get("/handles/").content.decode()
    seen = watch()
    with pytest.raises(NotAllowed):
        services.confirm_handle(actor=asha.actor, ref=made.ref, now=timezone.now())
    with pytest.raises(NeedsSecondFactor):
        services.confirm_handle(actor=sunita.acting(second_factor=False), ref=made.ref, now=timezone.now())
    assert seen.nothing_happened()
    services.confirm_handle(actor=sunita.actor, ref=made.ref, now=timezone.now())
    assert "example_one" in Client().get("/handles/").content.decode()
    services.end_handle(actor=asha.actor, ref=made.ref, now=timezone.now())
    assert "example_one" not in Client().get("/handles/").content.decode()


def test_operators_hold_seats_and_are_never_public(asha, sunita, bilal, ravi, tree, watch):
    made = declare(asha, tree.bhilwara)
    services.confirm_handle(actor=sunita.actor, ref=made.ref, now=timezone.now())
    services.name_operator(actor=asha.actor, ref=made.ref, person_ref=bilal.person.ref, now=timezone.now())
    seen = watch()
    with pytest.raises(WrongState):
        services.name_operator(actor=asha.actor, ref=made.ref, person_ref=ravi.person.ref, now=timezone.now())
    assert seen.nothing_happened()
    assert "Bilal" not in Client().get("/handles/").content.decode()
    assert "Bilal Khan" in asha.client.get(f"/desk/handles/{made.ref}/").content.decode()


@pytest.mark.parametrize(("handle", "url"), [("", "https://example.org"), ("a", "http://example.org"), ("@", "x")])
def test_an_account_needs_a_name_and_a_safe_address(asha, tree, handle, url, watch):
    seen = watch()
    with pytest.raises(BadInput):
        services.declare_handle(
            actor=asha.actor, unit_ref=tree.state.ref, platform="x", handle=handle, url=url, automation="",
            now=timezone.now(),
        )  # fmt: skip
    assert seen.nothing_happened()


def test_one_account_is_declared_once(asha, tree, watch):
    declare(asha, tree.state)
    seen = watch()
    with pytest.raises(BadInput):
        declare(asha, tree.bhilwara, "@Example_One")
    assert seen.nothing_happened()


# Norms


def test_an_ended_norm_closes_what_is_vacant_and_leaves_who_sits(asha, bilal, ravi, tree, watch):
    now = timezone.now()
    norm = services.set_norm(
        actor=asha.actor, team_kind=TeamKind.objects.get(key="booth_team"), role=Role.objects.get(key="booth_youth"),
        count=2, scope=tree.bhilwara, now=now,
    )  # fmt: skip
    seat = Seat.objects.filter(unit=tree.booth, norm=norm).first()
    offer = services.offer_seat(actor=bilal.actor, seat_ref=seat.ref, person_ref=ravi.person.ref, now=now)
    services.accept_offer(actor=ravi.actor, ref=offer.ref, now=now)
    assert services.end_norm(actor=asha.actor, ref=norm.ref, now=timezone.now()) == 5
    assert services.end_norm(actor=asha.actor, ref=norm.ref, now=timezone.now()) == 0
    assert list(Seat.objects.filter(norm=norm, closed_at=None)) == [seat]
    assert Norm.objects.get(pk=norm.pk).valid_to is not None
    services.fold_counts()
    assert drift(now=timezone.now()) == []
    seen = watch()
    with pytest.raises(NotFound):
        services.end_norm(actor=bilal.actor, ref=norm.ref, now=timezone.now())
    assert seen.nothing_happened()


# Another place to work


def test_a_person_who_asks_can_be_offered_a_seat_in_another_district(dev, bilal, ravi, tree):
    seat, now = cast.add_seat(tree.far_booth, "booth_team", "booth_youth"), timezone.now()
    with pytest.raises(NotFound):
        services.offer_seat(actor=dev.actor, seat_ref=seat.ref, person_ref=ravi.person.ref, now=now)
    assert ravi.client.post("/me/work/wish/", {"unit": str(tree.udaipur.ref)}).status_code == 302
    assert ravi.person in queries.candidates_for(dev.actor, cast.add_seat(tree.udaipur, "district_team", "observer"))
    services.offer_seat(actor=dev.actor, seat_ref=seat.ref, person_ref=ravi.person.ref, now=now)
    for member in (dev, bilal):
        assert "Udaipur" in member.client.get(f"/desk/people/{ravi.person.ref}/").content.decode()
    assert queries.home_unit_id(ravi.person.pk) == tree.booth.pk


def test_a_wish_taken_back_hides_the_person_again(dev, ravi, tree, watch):
    services.wish_to_work(actor=ravi.actor, unit_ref=tree.udaipur.ref, now=timezone.now())
    services.end_wish(actor=ravi.actor, unit_ref=tree.udaipur.ref, now=timezone.now())
    seen = watch()
    services.end_wish(actor=ravi.actor, unit_ref=tree.udaipur.ref, now=timezone.now())
    assert seen.nothing_happened()
    assert ravi.person not in queries.people_in_charge(dev.actor)


def test_nobody_wishes_for_another_and_three_places_are_enough(ravi, tree, watch):
    for unit in (tree.udaipur, tree.vallabhnagar, tree.bhinder):
        services.wish_to_work(actor=ravi.actor, unit_ref=unit.ref, now=timezone.now())
    seen = watch()
    with pytest.raises(BadInput):
        services.wish_to_work(actor=ravi.actor, unit_ref=tree.far_booth.ref, now=timezone.now())
    with pytest.raises(NotAllowed):
        services.wish_to_work(actor=cast.SYSTEM, unit_ref=tree.far_booth.ref, now=timezone.now())
    with pytest.raises(NotFound):
        services.wish_to_work(actor=ravi.actor, unit_ref=tree.panchayat.ref, now=timezone.now())
    assert seen.nothing_happened()


# A whole reorganisation from a sheet


def test_a_sheet_splits_a_district(asha, chitra, tree):
    for code, unit in (("DIV", tree.division), ("D1", tree.bhilwara)):
        UnitCode.objects.create(unit=unit, scheme="org", value=code)
    text = "code,new parent,merge into,level,name_hi,name_en\nNEW,DIV,,district,शाहपुरा,Shahpura\neci:S20/179,NEW,,,,\n"
    wishes = read_reorganisation(sheet_of(text.encode()))
    assert wishes.refused == []
    now = timezone.now()
    made = services.draft_reorganisation(
        actor=asha.actor, title="Sheet", on=timezone.localdate(), lines=wishes.lines, now=now
    )
    services.decide_reorganisation(actor=asha.actor, ref=made.ref, now=now)
    assert [str(u) for u in queries.path_on(tree.booth.pk, timezone.localdate())][2:4] == ["Shahpura", "Sahara"]
    services.fold_counts()
    assert drift(now=timezone.now()) == []


def test_a_sheet_with_an_unknown_code_is_refused_whole(asha, tree):
    text = b"code,new parent\neci:S20/179,NOWHERE\nUNKNOWN,eci:S20/155\n,eci:S20/155\n"
    assert [r.code for r in read_reorganisation(sheet_of(text)).refused] == [
        "unknown_parent", "unknown_unit", "no_code"
    ]  # fmt: skip
