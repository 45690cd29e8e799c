"""Lists of the Local Government Directory: the real ones by their counts, the damaged ones by their reasons."""

from collections import Counter
from datetime import date

import pytest

from toli.kit.actor import SystemActor
from toli.kit.errors import BadInput
from toli.org.importing.formats import Ask, units_in
from toli.org.importing.lgd import parse_lgd
from toli.org.importing.loading import load_units
from toli.org.importing.reading import sheet_of
from toli.org.models import Unit, UnitCode, UnitLink

pytestmark = pytest.mark.django_db
SYSTEM = SystemActor()
DISTRICTS = "State Code,State Name,District Code,District Name\n8,RAJASTHAN,102,BHILWARA\n8,RAJASTHAN,117,UDAIPUR\n"


@pytest.fixture
def bring(tmp_path):
    def act(text, state="", *, on=None, name="in.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8") if isinstance(text, str) else path.write_bytes(text)
        parsed = units_in(path, Ask("lgd", state))
        return parsed, load_units(actor=SYSTEM, rows=parsed.rows, source=name, list_date=on)

    return act


def levels():
    return Counter(Unit.objects.values_list("level__key", flat=True))


def test_districts_the_tree_has_get_their_code_and_stay_where_they_stand(tree, bring):
    before = tree.bhilwara.path
    _parsed, outcome = bring(DISTRICTS, on=date(2022, 12, 1))
    assert (outcome.added, outcome.refused) == (0, [])
    code = UnitCode.objects.get(scheme="lgd", value="district/102")
    assert (code.unit_id, code.list_date) == (tree.bhilwara.pk, date(2022, 12, 1))
    assert Unit.objects.get(pk=tree.bhilwara.pk).path == before
    assert UnitCode.objects.get(scheme="eci", value="S20").unit_id == tree.state.pk


def test_a_district_of_the_same_name_in_another_state_is_another_district(tree, bring):
    text = "State Code,State Name,District Code,District Name\n9,UTTAR PRADESH,901,UDAIPUR\n8,RAJASTHAN,117,UDAIPUR\n"
    _parsed, outcome = bring(text)
    assert outcome.by_level == {"state": 1, "district": 1}
    assert UnitCode.objects.get(value="district/117").unit_id == tree.udaipur.pk
    assert UnitCode.objects.get(value="district/901").unit_id != tree.udaipur.pk


def test_only_the_state_asked_for_is_read(tree, bring):
    text = DISTRICTS + "9,UTTAR PRADESH,901,AGRA\n"
    parsed, _outcome = bring(text, "S20")
    assert parsed.skipped["other state"] == 1
    assert not UnitCode.objects.filter(value="district/901").exists()
    with pytest.raises(BadInput, match="S04"):
        bring(text, "S04", name="again.csv")


def test_villages_hang_below_their_sub_district_and_codes_of_kinds_never_mix(tree, bring):
    text = (
        "State Code,State Name,District Code,District Name,Sub-district Code,Sub-district Name,Village Code,"
        "Village Version,Village Name (In English),Village Name (In Local)\n"
        "8,RAJASTHAN,102,BHILWARA,102,SAHARA,102,3,BORANA,बोराणा\n8,RAJASTHAN,102,BHILWARA,102,SAHARA,103,1,Kanod,KANOD\n"
    )
    parsed, outcome = bring(text)
    assert parsed.unread_columns == []
    assert outcome.by_level == {"subdistrict": 1, "village": 2}
    village = Unit.objects.get(codes__value="village/102")
    assert (village.names, village.attrs, village.path) == ({"en": "Borana", "hi": "बोराणा"}, {"lgd_version": 3}, "")
    assert UnitLink.objects.get(child=village).parent.codes.get().value == "subdistrict/102"
    assert Unit.objects.get(codes__value="village/103").names == {"en": "Kanod"}


def test_a_later_edition_dates_its_codes_and_keeps_the_old_name_findable(tree, bring):
    rows = "State Code,State Name,Block Code,Block Version,Block Name\n8,RAJASTHAN,{}\n"
    bring(rows.format("5,1,OLD NAME"), on=date(2021, 1, 1))
    _parsed, later = bring(rows.format("5,2,NEW NAME"), on=date(2024, 1, 1), name="b.csv")
    assert (later.added, later.changed) == (0, 1)
    block = Unit.objects.get(codes__value="block/5")
    assert (block.names["en"], block.aliases, block.attrs["lgd_version"]) == ("Old Name", ["New Name"], 2)
    assert block.codes.get().list_date == date(2024, 1, 1)
    bring(rows.format("5,2,NEW NAME"), on=date(2020, 1, 1), name="c.csv")
    assert block.codes.get().list_date == date(2024, 1, 1)


def test_a_code_listed_twice_is_noted_or_refused_and_a_broken_one_refused():
    text = "State Code,State Name,Block Code,Block Name\n8,R,5,A\n8,R,5,a\n8,R,5,B\n8,R,x,C\n8,R,7,\n"
    parsed = parse_lgd(sheet_of(text.encode()))
    assert [(note.line, note.code) for note in parsed.notes] == [(3, "same_code_same_name")]
    assert [(r.line, r.code) for r in parsed.refused] == [(4, "same_code"), (5, "bad_code"), (6, "no_name")]
    assert "other_kind" not in parsed.skipped


@pytest.mark.shared
def test_the_directory_of_december_2022_by_its_counts(shared_data, db):
    folder, found = shared_data / "lgd", {}
    for name in ("1-state.csv", "2-district.csv", "3-subdistrict.csv", "blocks.csv", "urban-local-body.csv"):
        parsed = units_in(folder / name, Ask("lgd"))
        outcome = load_units(actor=SYSTEM, rows=parsed.rows, source=name, list_date=date(2022, 12, 1))
        found[name] = (sum(outcome.by_level.values()), len(outcome.refused), parsed.unread_columns)
    assert found == {
        "1-state.csv": (36, 0, ["State Name", "State or UT"]), "2-district.csv": (763, 0, []),
        "3-subdistrict.csv": (6_921, 0, []), "blocks.csv": (7_223, 0, ["Block Name"]),
        "urban-local-body.csv": (4_814, 0, []),
    }  # fmt: skip
    assert levels() == {"state": 36, "district": 763, "subdistrict": 6_921, "samiti": 7_223, "town": 4_814}
    assert not UnitLink.objects.filter(hierarchy="org").exclude(child__level__key="district").exists()
    again = units_in(folder / "blocks.csv", Ask("lgd"))
    outcome = load_units(actor=SYSTEM, rows=again.rows, source="again", list_date=date(2022, 12, 1))
    assert (outcome.added, outcome.changed) == (0, 0)
