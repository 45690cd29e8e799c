"""Whole files of every layout into a tree: what is refused, what is matched, and that a second run changes nothing."""

from collections import Counter
from pathlib import Path

import pytest

from toli.audit.models import Record
from toli.kit.actor import SystemActor
from toli.kit.errors import BadInput
from toli.org.importing.formats import Ask, units_in
from toli.org.importing.loading import load_units
from toli.org.models import Count, Unit, UnitCode, UnitLink

pytestmark = pytest.mark.django_db
SYSTEM = SystemActor()


@pytest.fixture
def file(tmp_path):
    def write(text: str | bytes, name: str = "in.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def bring_in(path: Path, ask: Ask, **options):
    parsed = units_in(path, ask)
    outcome = load_units(actor=SYSTEM, rows=parsed.rows, source=path.name, **options)
    return parsed, outcome


def reasons(outcome):
    return [(reason.line, reason.code) for reason in outcome.refused]


OWN = "level,code,parent,name_en,name_hi\nstate,RJ,,Rajasthan,राजस्थान\n"


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("district,D,NOPE,Tonk,टोंक\n", [(3, "unknown_parent")]),
        ("district,D,RJ,Tonk,टोंक\ndistrict,D,RJ,Bundi,बूंदी\n", [(4, "same_code")]),
        ("division,A,B,A,अ\ndivision,B,A,B,ब\n", [(3, "parent_cycle"), (4, "parent_cycle")]),
        ("district,A,A,A,अ\n", [(3, "parent_cycle")]),
        ("district,A,RJ,A,अ\nstate,B,A,B,ब\n", [(4, "parent_not_above")]),
        ("planet,A,RJ,A,अ\n", [(3, "unknown_level")]),
        ("planet,A,RJ,A,अ\ndistrict,B,A,B,ब\n", [(3, "unknown_level"), (4, "parent_refused")]),
    ],
)
def test_each_row_that_cannot_be_placed_has_its_reason_and_the_rest_goes_in(file, rows, found):
    _parsed, outcome = bring_in(file(OWN + rows), Ask("toli"))
    assert reasons(outcome) == found
    assert outcome.added == 1 + rows.count("\n") - len(found)


def test_rows_without_level_code_or_name_are_refused_by_the_parser(file):
    parsed, outcome = bring_in(file(OWN + ",X,RJ,A,अ\ndistrict,,RJ,A,अ\ndistrict,X,RJ,,\nd\n"), Ask("toli"))
    assert [(r.line, r.code) for r in parsed.refused] == [
        (3, "no_level"),
        (4, "no_code"),
        (5, "no_name"),
        (6, "short_row"),
    ]
    assert outcome.added == 1


def test_an_import_leaves_one_record_and_a_repeated_one_leaves_none(file):
    path = file(OWN + "district,D,RJ,Tonk,टोंक\n")
    bring_in(path, Ask("toli"))
    bring_in(path, Ask("toli"))
    assert [record.data["added"] for record in Record.objects.filter(verb="org.units_imported")] == [2]


def test_a_unit_is_never_moved_by_an_import(file):
    bring_in(file(OWN + "division,V,RJ,Ajmer,अजमेर\ndistrict,D,V,Tonk,टोंक\n"), Ask("toli"))
    before = Unit.objects.get(codes__value="D").path
    _parsed, outcome = bring_in(file(OWN + "district,D,RJ,Tonk,टोंक\n"), Ask("toli"))
    assert reasons(outcome) == [(3, "other_parent")]
    assert Unit.objects.get(codes__value="D").path == before


def test_a_later_file_adds_names_aliases_and_codes_to_known_units(file):
    bring_in(file("level,code,parent,name_en\nstate,RJ,,Rajasthan\ndistrict,D,RJ,Tonk\n"), Ask("toli"))
    text = "level,code,parent,name_hi,aliases,code_lgd\nstate,RJ,,राजस्थान,,8\ndistrict,D,RJ,टोंक,Tonque;Tonk,117\n"
    _parsed, outcome = bring_in(file(text), Ask("toli"))
    assert (outcome.added, outcome.changed) == (0, 2)
    tonk = Unit.objects.get(codes__scheme="lgd", codes__value="117")
    assert (tonk.names, tonk.aliases) == ({"en": "Tonk", "hi": "टोंक"}, ["Tonque"])


def test_one_code_for_two_units_is_refused(file):
    bring_in(file(OWN + "district,D,RJ,Tonk,टोंक\n"), Ask("toli"))
    text = "level,code,parent,name_en,code_lgd\ndistrict,D,RJ,Tonk,1\ndistrict,E,RJ,Bundi,1\n"
    _parsed, outcome = bring_in(file(text), Ask("toli"))
    assert reasons(outcome) == [(3, "same_code")]
    assert UnitCode.objects.filter(scheme="lgd").count() == 1


@pytest.mark.parametrize("column", ["fact_caste", "fact_aadhaar", "fact_religion"])
def test_a_fact_that_toli_never_stores_is_refused_by_its_name(file, column):
    with pytest.raises(BadInput, match=column.removeprefix("fact_")):
        units_in(file(f"level,code,parent,name_en,{column}\nstate,RJ,,Rajasthan,x\n"), Ask("toli"))
    assert not Unit.objects.exists()


def test_stations_go_below_the_constituency_of_their_state_and_no_other(file):
    seats = "ST_CODE,AC_CODE,AC_NAME\nS04,22,SHEOHAR\nS20,22,CHURU\n"
    bring_in(file(seats), Ask("constituencies"))
    stations = "AC No. & Name,PS No,Polling Station Name,Main/Aux\n22-Sheohar,3,School,Main\n22-Sheohar,3,School,Aux\n"
    path = file(stations, "stations.csv")
    parsed, outcome = bring_in(path, Ask("stations", "S20"))
    assert [r.code for r in parsed.refused] == ["other_constituency_name"] * 2
    assert outcome.added == 0
    _parsed, outcome = bring_in(path, Ask("stations", "S04"))
    assert outcome.added == 2
    values = set(UnitCode.objects.filter(unit__level__key="booth").values_list("value", flat=True))
    assert values == {"S04/22/3/main", "S04/22/3/auxiliary"}
    booth = Unit.objects.filter(level__key="booth").first()
    assert set(UnitLink.objects.filter(child=booth).values_list("hierarchy", flat=True)) == {"org", "electoral"}


def test_a_constituency_the_tree_lacks_is_reported_or_made_when_asked(file):
    path = file("AC No. & Name,PS No,Polling Station Name,Main/Aux\n22-Sheohar,3,School,Main\n")
    parsed, _outcome = bring_in(path, Ask("stations", "S04"))
    assert [r.code for r in parsed.refused] == ["unknown_constituency"]
    parsed, outcome = bring_in(path, Ask("stations", "S04", create_missing=True))
    assert outcome.by_level == {"state": 1, "constituency": 1, "booth": 1}


def test_a_mapping_file_reads_headings_nobody_foresaw(file, tmp_path):
    mapping = file(
        """
        layout = "tree"
        state = "S20"
        [[level]]
        level = "district"
        hierarchies = ["org", "administrative"]
        name.hi = "कहाँ"
        [[level]]
        level = "block"
        name.hi = "किस हिस्से में"
        code.org = "गुप्त क्रमांक"
        fact.pin = "डाक"
        """,
        "odd.toml",
    )
    path = file("रिपोर्ट,,,,\nकहाँ,किस हिस्से में,गुप्त क्रमांक,डाक,और कुछ\nटोंक,निवाई,17,304021,x\nटोंक,देवली,18,304804,y\n")
    parsed, outcome = bring_in(path, Ask("mapping", mapping=mapping))
    assert parsed.unread_columns == ["और कुछ"]
    assert outcome.by_level == {"state": 1, "district": 1, "block": 2}
    niwai = Unit.objects.get(codes__scheme="org", codes__value="17")
    assert (niwai.names, niwai.attrs) == ({"hi": "निवाई"}, {"pin": "304021"})


@pytest.mark.parametrize(
    ("text", "says"),
    [("layout = 'x'", "layout"), ("layout = 'stations'\n[columns]\nshoe = 'a'", "shoe"), ("not toml", "TOML"),
     ("layout = 'tree'", "level")],
)  # fmt: skip
def test_a_mapping_file_that_is_wrong_says_what_is_wrong(file, text, says):
    with pytest.raises(BadInput, match=says):
        units_in(file("a,b\n1,2\n"), Ask("mapping", "S04", mapping=file(text, "m.toml")))


def test_a_mapping_that_names_a_missing_heading_says_which(file):
    mapping = file("layout = 'stations'\nstate = 'S04'\n[columns]\nnumber = 'Zahl'\n", "m.toml")
    with pytest.raises(BadInput, match="Zahl"):
        units_in(file("a,b\n1,2\n"), Ask("mapping", mapping=mapping))


@pytest.mark.shared
def test_the_panchayat_list_gives_33_352_and_11311_and_the_districts_are_the_known_ones(shared_data):
    path = shared_data / "rajasthan_gram_panchayats.csv"
    _parsed, outcome = bring_in(path, Ask("panchayats", "S20"))
    levels = Counter(Unit.objects.values_list("level__key", flat=True))
    assert levels == {"state": 1, "division": 7, "district": 33, "samiti": 352, "panchayat": 11_311}
    assert outcome.refused == []
    _parsed, again = bring_in(path, Ask("panchayats", "S20"))
    assert (again.added, again.changed) == (0, 0)
    district = Unit.objects.get(names__en="Sawai Madhopur")
    assert UnitLink.objects.filter(parent=district, hierarchy="administrative").count() > 0
    assert not Count.objects.filter(metric="units.panchayat").exists()


@pytest.mark.shared
def test_the_commissions_list_gives_200_constituencies_in_their_districts(shared_data):
    _parsed, outcome = bring_in(shared_data / "eci_2008_constituencies.csv", Ask("constituencies", "S20"))
    assert outcome.refused == []
    assert Counter(Unit.objects.values_list("level__key", flat=True)) == {
        "state": 1, "division": 7, "district": 33, "parliament": 25, "constituency": 200,
    }  # fmt: skip
    seat = Unit.objects.get(codes__scheme="eci", codes__value="S20/155")
    above = Unit.objects.get(pk=int(seat.path.split("/")[-3]))
    electoral = UnitLink.objects.get(child=seat, hierarchy="electoral").parent
    assert (above.names["en"], electoral.names["en"]) == ("Udaipur", "Chittorgarh")
