"""A new list of polling stations: who is who is proposed, decided and applied, and the booths keep their people."""

from datetime import date

import pytest
from django.utils import timezone
from tests import cast
from tests.importing.test_undo import picture

from toli.kit.actor import SystemActor
from toli.kit.errors import BadInput, WrongState
from toli.org import services
from toli.org.importing import renewing
from toli.org.importing.formats import Ask, units_in
from toli.org.importing.loading import load_units
from toli.org.importing.pairing import Station, propose
from toli.org.importing.reading import sheet_of
from toli.org.importing.undoing import Refused, undo
from toli.org.models import Import, Membership, Seat, StationPair, Unit, UnitCode
from toli.org.services.counts import drift

SYSTEM = SystemActor()
NOW = timezone.now()
HEAD = "AC No. & Name,PS No,Polling Station Name,Main/Aux,Lat,Long\n"
OLD = [
    "1,Govt School Borana North,Main,25.10,74.20", "2,Govt School Borana South,Main,25.10,74.20",
    "2,Govt School Borana South,Aux,25.10,74.20", "3,Panchayat Bhawan Raipur,Main,25.20,74.30",
    "4,Anganwadi Kanod,Main,25.30,74.40",
]  # fmt: skip


def rows(lines):
    return HEAD + "".join(f"179-Sahara,{line}\n" for line in lines)


def stations(*entries):
    return [Station(n, s, k, (name,)) for n, s, k, name in entries]


def pairs_of(old, new):
    return {(p.old, p.new): p.confidence for p in propose(old, new)}


# --- the proposals ---


def test_an_unchanged_list_pairs_with_itself_for_certain():
    one = stations(
        (1, "", "main", "School North"), (2, "", "main", "Panchayat House"), (2, "", "auxiliary", "Panchayat House")
    )
    found = pairs_of(one, one)
    assert set(found) == {(0, 0), (1, 1), (2, 2)}
    assert min(found.values()) >= 90


def test_main_and_auxiliary_are_never_one_however_alike():
    assert set(pairs_of(stations((5, "", "main", "School")), stations((5, "", "auxiliary", "School")))) == {
        (-1, 0),
        (0, -1),
    }


def test_names_pair_across_scripts_and_moved_numbers():
    old = stations((11, "", "main", "प्राथमिक विद्यालय रामपुर"), (12, "", "main", "पंचायत भवन सोनगढ़"))
    new = stations((12, "", "main", "Prathamik Vidyalay Rampur"), (13, "", "main", "Panchayat Bhavan Songarh"))
    found = pairs_of(old, new)
    assert set(found) == {(0, 0), (1, 1)}


def test_two_rooms_of_one_building_that_could_be_either_are_not_certain():
    old = stations((1, "", "main", "School room"), (2, "", "main", "School room"))
    new = stations((7, "", "main", "School room"), (8, "", "main", "School room"))
    assert max(pairs_of(old, new).values()) < 90


def test_every_station_of_both_lists_stands_exactly_once():
    old = stations(*[(n, "", "main", f"School {n % 7}") for n in range(1, 60)])
    new = stations(*[(n, "", "main", f"Schol {n % 5}") for n in range(20, 90)])
    found = propose(old, new)
    assert sorted(p.old for p in found if p.old >= 0) == list(range(len(old)))
    assert sorted(p.new for p in found if p.new >= 0) == list(range(len(new)))


# --- in the tree ---


@pytest.fixture
def old(tree, tmp_path):
    cast.link("electoral", tree.sahara, cast.add_unit("parliament", "भीलवाड़ा", "Bhilwara", None, in_org=False))
    path = tmp_path / "old.csv"
    path.write_text(rows(OLD), encoding="utf-8")
    parsed = units_in(path, Ask("stations", "S20"))
    load_units(actor=SYSTEM, rows=parsed.rows, source="old.csv")
    while services.fold_counts():
        pass
    return {
        code.value.removeprefix("S20/179/"): code.unit for code in UnitCode.objects.filter(value__startswith="S20/179/")
    }


def offered(lines, **more):
    job = Import.objects.create(
        kind="stations", state="checking", layout="stations", state_code="S20", source="new.csv", digest="x",
        list_date=date(2027, 1, 1), on_desk=True, created_at=NOW, changed_at=NOW, **more,
    )  # fmt: skip
    renewing.propose(actor=SYSTEM, job=job, sheet=sheet_of(rows(lines).encode()))
    job.refresh_from_db()
    return job


def decided(job, **also):
    renewing.decide_many(actor=SYSTEM, ref=job.ref, act="same", at_least=50, now=NOW)
    renewing.decide_many(actor=SYSTEM, ref=job.ref, act="new", now=NOW)
    renewing.decide_many(actor=SYSTEM, ref=job.ref, act="gone", now=NOW)


NEW = [
    "1,Govt School Borana North,Main,25.10,74.20", "2,New Community Hall,Main,25.90,74.90",
    "3,Govt School Borana South,Main,25.10,74.20", "3,Govt School Borana South,Aux,25.10,74.20",
    "4,Panchayat Bhawan Raipur,Main,25.20,74.30",
]  # fmt: skip

pytestmark = pytest.mark.django_db


def test_people_stay_with_their_booth_and_its_number_is_a_new_dated_code(old, watch):
    person = cast.add_person("Lata", "+911000000071", home=old["2/main"])
    job = offered(NEW)
    decided(job)
    seen = watch()
    done = renewing.apply(actor=SYSTEM, ref=job.ref, now=NOW)
    assert (done.same, done.renumbered, done.new, done.gone) == (4, 3, 1, 1)
    booth = Unit.objects.get(codes__value="S20/179/3/main", codes__valid_to=None)
    assert booth.pk == old["2/main"].pk == Membership.objects.get(person=person, valid_to=None).unit_id
    codes = [(c.value, c.valid_from, c.valid_to) for c in booth.codes.order_by("id")]
    assert codes == [("S20/179/2/main", None, date(2027, 1, 1)), ("S20/179/3/main", date(2027, 1, 1), None)]
    assert booth.names["en"] == "3 Govt School Borana South"
    assert Unit.objects.get(codes__value="S20/179/4/main", codes__valid_to=None).pk == old["3/main"].pk
    closed = Unit.objects.get(pk=old["4/main"].pk)
    assert (closed.active, closed.valid_to) == (False, date(2027, 1, 1))
    assert not closed.codes.filter(valid_to=None).exists()
    assert "org.stations_renewed" in seen.verbs()
    assert drift(now=timezone.now()) == []


def test_the_same_list_once_more_changes_no_code(old):
    job = offered(OLD)
    decided(job)
    done = renewing.apply(actor=SYSTEM, ref=job.ref, now=NOW)
    assert (done.same, done.renumbered, done.new, done.gone) == (5, 0, 0, 0)


def test_a_renewal_can_be_taken_back_exactly(old):
    before = picture()
    job = offered(NEW)
    decided(job)
    renewing.apply(actor=SYSTEM, ref=job.ref, now=NOW)
    undo(actor=SYSTEM, job=job, now=NOW)
    assert picture() == before
    assert drift(now=timezone.now()) == []


def test_a_booth_with_people_closes_only_when_they_are_sent_somewhere_and_undo_brings_them_back(old, watch):
    person = cast.add_person("Lata", "+911000000071", home=old["4/main"])
    seat = cast.add_seat(old["4/main"], "booth_team", "booth_lead")
    cast.put_on_seat(person, seat)
    while services.fold_counts():
        pass
    before = picture()
    job = offered(NEW)
    decided(job)
    gone = StationPair.objects.get(imported=job, unit=old["4/main"])
    assert gone.decision == "open", "a bulk act never closes a booth with people"
    renewing.decide(actor=SYSTEM, ref=job.ref, pair_id=gone.pk, decision="gone", now=NOW)
    stood, seen = picture(), watch()
    with pytest.raises(WrongState, match="Kanod"):
        renewing.apply(actor=SYSTEM, ref=job.ref, now=NOW)
    assert picture() == stood
    assert seen.nothing_happened()
    renewing.decide(actor=SYSTEM, ref=job.ref, pair_id=gone.pk, decision="gone", rehome_code="S20/179/3/main", now=NOW)
    renewing.apply(actor=SYSTEM, ref=job.ref, now=NOW)
    while services.fold_counts():
        pass
    assert Membership.objects.get(person=person, valid_to=None).unit_id == old["3/main"].pk
    assert Seat.objects.get(pk=seat.pk).unit_id == old["3/main"].pk
    assert drift(now=timezone.now()) == []
    undo(actor=SYSTEM, job=job, now=NOW)
    assert Membership.objects.get(person=person, valid_to=None).unit_id == old["4/main"].pk
    assert drift(now=timezone.now()) == []
    assert picture()["counts"] == before["counts"]


def test_nothing_is_applied_while_one_is_open(old):
    job = offered(NEW)
    with pytest.raises(WrongState):
        renewing.apply(actor=SYSTEM, ref=job.ref, now=NOW)


def test_a_pair_is_corrected_parted_and_never_made_of_main_and_auxiliary(old):
    job = offered(NEW)
    pair = StationPair.objects.get(imported=job, unit=old["1/main"])
    hall = StationPair.objects.get(imported=job, station__name="New Community Hall")
    changed = renewing.decide(actor=SYSTEM, ref=job.ref, pair_id=pair.pk, decision="", other_line=hall.line, now=NOW)
    assert (changed.decision, changed.station["name"]) == ("same", "New Community Hall")
    hall.refresh_from_db()
    assert hall.station["name"] == "Govt School Borana North"
    auxiliary = StationPair.objects.get(imported=job, station__kind="auxiliary")
    stood = list(StationPair.objects.order_by("id").values())
    with pytest.raises(BadInput):
        renewing.decide(actor=SYSTEM, ref=job.ref, pair_id=pair.pk, decision="", other_line=auxiliary.line, now=NOW)
    assert next(iter(StationPair.objects.order_by("id").values())) == stood[0]
    renewing.decide(actor=SYSTEM, ref=job.ref, pair_id=pair.pk, decision="part", now=NOW)
    assert StationPair.objects.filter(imported=job, unit=None, station__name="New Community Hall").exists()


def test_people_who_came_to_a_new_station_are_in_the_way_of_an_undo(old):
    job = offered(NEW)
    decided(job)
    renewing.apply(actor=SYSTEM, ref=job.ref, now=NOW)
    cast.add_person("Lata", "+911000000071", home=Unit.objects.get(codes__value="S20/179/2/main", codes__valid_to=None))
    with pytest.raises(Refused) as refusal:
        undo(actor=SYSTEM, job=job, now=NOW)
    assert [one.what for one in refusal.value.obstacles] == ["org.membership"]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["3-Sheohar", "33-Arwal", "34-Jehanabad"])
def test_a_real_list_with_every_number_moved_finds_its_own_again(shared_data, name):
    from toli.org.importing.stations import parse_stations

    parsed = parse_stations(sheet_of((shared_data / "polling_stations" / f"{name}.csv").read_bytes()))
    wrong = right = sure_wrong = 0
    for number in {row.constituency for row in parsed.rows}:
        here = [row for row in parsed.rows if row.constituency == number]
        old = [Station(r.number, r.suffix, r.kind, (r.name,), r.latitude, r.longitude) for r in here]
        new = [one._replace(number=one.number + (3 if at > 40 else 0)) for at, one in enumerate(old) if at % 17]
        truth = [at for at in range(len(old)) if at % 17]
        for pair in propose(old, new):
            if pair.new >= 0 and pair.old >= 0:
                fits = truth[pair.new] == pair.old
                right, wrong = right + fits, wrong + (not fits)
                sure_wrong += not fits and pair.confidence >= 90
    assert right / (right + wrong) > 0.9
    assert sure_wrong / (right + wrong) < 0.01
