"""Taking back a whole import: exactly, or not at all, or without what people came to."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone
from tests import cast

from toli.audit.models import Record
from toli.kit.actor import SystemActor
from toli.kit.errors import NeedsSecondFactor, NotFound, WrongState
from toli.org import services
from toli.org.importing.loading import load_units
from toli.org.importing.own import parse_own
from toli.org.importing.reading import sheet_of
from toli.org.importing.undoing import Refused, undo
from toli.org.models import Import, Membership, Norm, Role, Seat, TeamKind, Unit
from toli.org.services.counts import drift

pytestmark = pytest.mark.django_db
SYSTEM = SystemActor()
HEAD = "level,code,parent,name_en,name_hi,aliases,code_lgd,fact_pin\n"
MORE = HEAD + (
    "district,D9,eci:S20/999,Tonk,टोंक,,,\nconstituency,eci:S20/179,,Sahara,सहाड़ा,Sahada,179,311001\n"
    "block,B9,eci:S20/179,Gangapur,गंगापुर,,,\nbooth,b-1,B9,Gangapur 1,गंगापुर १,,,\nbooth,b-2,B9,Gangapur 2,गंगापुर २,,,\n"
)
TABLES = ("org_unit", "org_unitcode", "org_unitlink", "org_seat", "org_membership")


def bring(text, **options):
    parsed = parse_own(sheet_of(text.encode()))
    return load_units(actor=SYSTEM, rows=parsed.rows, source="more.csv", **options)


def picture():
    """Every row of the tree by its id, and every figure that is not nought."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT t.id, to_jsonb(t) FROM {table} t ORDER BY id")
            found[table] = cursor.fetchall()
        cursor.execute("SELECT unit_id, wing_id, metric, day, n FROM org_count WHERE n <> 0 ORDER BY 1, 2, 3, 4")
        found["counts"] = cursor.fetchall()
    return found


@pytest.fixture
def before(tree):
    Norm.objects.create(
        team_kind=TeamKind.objects.get(key="booth_team"), role=Role.objects.get(key="booth_youth"), count=2,
        scope=tree.state, valid_from=timezone.now(),
    )  # fmt: skip
    for norm in Norm.objects.all():
        services.open_seats(actor=SYSTEM, norm=norm, now=timezone.now())
    while services.fold_counts():
        pass
    return picture()


@pytest.fixture
def brought(before, tree):
    outcome = bring(MORE, list_date=date(2026, 1, 1))
    assert (outcome.added, outcome.changed, outcome.seats) == (3, 1, 4)
    return Import.objects.get()


def test_all_of_it_goes_and_what_it_changed_is_as_before(before, brought, watch):
    seen = watch()
    assert picture() != before
    done = undo(actor=SYSTEM, job=brought, now=timezone.now())
    assert (done.removed, done.restored, done.kept) == (3, 1, 0)
    assert picture() == before
    assert drift(now=timezone.now()) == []
    assert seen.verbs() == ["org.import_undone"]
    assert Record.objects.get(verb="org.import_undone").data["removed"] == 3
    brought.refresh_from_db()
    assert brought.state == "undone"


def test_what_was_undone_can_be_brought_in_again(before, brought):
    undo(actor=SYSTEM, job=brought, now=timezone.now())
    outcome = bring(MORE)
    assert (outcome.added, outcome.changed, outcome.seats) == (3, 1, 4)


def test_a_second_undo_is_refused(brought):
    undo(actor=SYSTEM, job=brought, now=timezone.now())
    with pytest.raises(WrongState):
        undo(actor=SYSTEM, job=brought, now=timezone.now())


def test_a_unit_with_people_is_named_and_nothing_is_taken_back(brought, watch):
    booth = Unit.objects.get(codes__value="b-1")
    cast.add_person("Lata", "+911000000071", home=booth)
    stood, seen = picture(), watch()
    with pytest.raises(Refused) as refusal:
        undo(actor=SYSTEM, job=brought, now=timezone.now())
    assert {(one.unit_id, one.what) for one in refusal.value.obstacles} == {(booth.pk, "org.membership")}
    assert picture() == stood
    assert seen.nothing_happened()


def test_the_rest_can_go_and_the_units_above_stay_with_the_one_that_has_people(brought, tree):
    booth, other = Unit.objects.get(codes__value="b-1"), Unit.objects.get(codes__value="b-2")
    person = cast.add_person("Lata", "+911000000071", home=booth)
    done = undo(actor=SYSTEM, job=brought, partly=True, now=timezone.now())
    assert (done.removed, done.restored, done.kept) == (1, 1, 2)
    assert Unit.objects.filter(pk=booth.pk, codes__value="b-1").exists()
    assert Membership.objects.filter(person=person, unit=booth, valid_to=None).exists()
    assert not Unit.objects.filter(pk=other.pk).exists()
    assert Unit.objects.get(pk=tree.sahara.pk).aliases == []
    while services.fold_counts():
        pass
    assert drift(now=timezone.now()) == []


def test_an_offer_on_a_seat_it_opened_is_in_the_way(brought, ravi):
    seat = Seat.objects.filter(unit__codes__value="b-2").first()
    services.offer_seat(actor=SYSTEM, seat_ref=seat.ref, person_ref=ravi.person.ref, now=timezone.now())
    with pytest.raises(Refused) as refusal:
        undo(actor=SYSTEM, job=brought, now=timezone.now())
    assert [one.what for one in refusal.value.obstacles] == ["org.seat"]


def test_a_name_corrected_since_is_not_overwritten(brought, tree):
    Unit.objects.filter(pk=tree.sahara.pk).update(names={"en": "Sahada", "hi": "सहाड़ा"})
    with pytest.raises(Refused) as refusal:
        undo(actor=SYSTEM, job=brought, now=timezone.now())
    assert [(one.unit_id, one.what) for one in refusal.value.obstacles] == [(tree.sahara.pk, "changed")]


def test_what_a_later_import_hung_below_is_in_the_way_until_it_is_undone_first(before, brought):
    bring(HEAD + "booth,b-3,B9,Gangapur 3,गंगापुर ३,,,\n")
    later = Import.objects.latest("id")
    with pytest.raises(Refused) as refusal:
        undo(actor=SYSTEM, job=brought, now=timezone.now())
    assert {one.what for one in refusal.value.obstacles} == {"below"}
    undo(actor=SYSTEM, job=later, now=timezone.now())
    undo(actor=SYSTEM, job=brought, now=timezone.now())
    assert picture() == before


def test_a_task_given_since_is_in_the_way(brought):
    from toli.tasks.models import Assignment

    names = {column.column for column in Assignment._meta.concrete_fields}
    assert "unit_id" in names
    from toli.org.importing.undoing import _columns_naming

    asked = {(model._meta.label_lower, column) for model, column in _columns_naming(Unit)}
    assert {("tasks.assignment", "unit_id"), ("recruitment.application", "unit_id"), ("elections.poll",
            "constituency_id"), ("org.membership", "place_id")} <= asked  # fmt: skip


def test_only_who_may_import_may_undo_and_only_with_a_second_proof(brought, asha, bilal, watch):
    stood, seen = picture(), watch()
    with pytest.raises(NotFound):
        undo(actor=bilal.actor, job=brought, now=timezone.now())
    with pytest.raises(NeedsSecondFactor):
        undo(actor=asha.acting(second_factor=False), job=brought, now=timezone.now())
    assert picture() == stood
    assert seen.nothing_happened()
