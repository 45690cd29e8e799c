from datetime import date

import pytest

from toli.kit.actor import SystemActor
from toli.org.importing.loading import load_units
from toli.org.importing.own import parse_own
from toli.org.importing.reading import sheet_of
from toli.org.models import Count, Unit, UnitCode, UnitLink

pytestmark = pytest.mark.django_db

TREE = """level,code,parent,name_en,name_hi,electoral_parent,aliases,code_lgd,fact_pin
state,RJ,,Rajasthan,राजस्थान,,,8,
district,RJ-1,RJ,Bhilwara,भीलवाड़ा,,Bhilwada,91,
parliament,eci:S20/PC/23,,Bhilwara,भीलवाड़ा,RJ,,,
constituency,eci:S20/179,RJ-1,Sahara,सहाड़ा,eci:S20/PC/23,Sahada,,
block,B1,eci:S20/179,Gangapur,गंगापुर,,,,
booth,b-1,B1,Gangapur 1,गंगापुर १,eci:S20/179,,,311801
booth,b-2,B1,Gangapur 2,गंगापुर २,eci:S20/179,,,311801
"""


def load(text: str, **options):
    parsed = parse_own(sheet_of(text.encode()))
    assert not parsed.refused
    return load_units(actor=SystemActor(), rows=parsed.rows, source="test", **options)


def test_a_tree_gets_ids_paths_codes_links_tokens_and_roll_ups():
    outcome = load(TREE, list_date=date(2021, 3, 1))
    assert (outcome.added, outcome.changed, outcome.refused) == (7, 0, [])
    units = {str(u.names["en"]): u for u in Unit.objects.filter(level__key__in=["state", "district", "block", "booth"])}
    state, district, booth = units["Rajasthan"], units["Bhilwara"], units["Gangapur 2"]
    assert district.path == f"{state.pk}/{district.pk}/"
    assert booth.path.startswith(district.path)
    assert booth.path.count("/") == 5
    assert UnitCode.objects.get(scheme="lgd", value="91").unit_id == district.pk
    assert UnitLink.objects.filter(child=booth).count() == 2
    assert booth.attrs == {"pin": "311801"}
    assert Unit.objects.get(level__key="parliament").path == ""
    assert Count.objects.get(unit_id=state.pk, metric="units.booth").n == 2


def test_tokens_are_those_of_the_search():
    from toli.org.queries import search_units
    from toli.org.services.units import tokens_of

    load(TREE)
    for unit in Unit.objects.all():
        assert sorted(unit.tokens) == sorted(tokens_of(unit.names, unit.aliases))
    assert [u.names["en"] for u in search_units("सहाडा", levels=["constituency"])] == ["Sahara"]


def test_the_same_file_again_changes_nothing():
    load(TREE)
    before = list(Unit.objects.order_by("id").values_list("id", "path", "names", "tokens"))
    again = load(TREE)
    third = load(TREE)
    assert (again.added, again.changed, again.same) == (third.added, third.changed, third.same) == (0, 0, 7)
    assert list(Unit.objects.order_by("id").values_list("id", "path", "names", "tokens")) == before


def test_a_dry_run_says_what_would_happen_and_writes_nothing():
    outcome = load(TREE, dry_run=True)
    assert outcome.added == 7
    assert not Unit.objects.exists()
