"""Maps from a file: read with limits, made small without gaps, matched with units, shown on the board."""

import copy
import json

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from toli.kit.errors import BadInput, NeedsSecondFactor, NotAllowed, NotFound
from toli.org import services as org_services
from toli.org.models import UnitCode
from toli.warroom import queries, services
from toli.warroom.maps import matching, reading, simplify
from toli.warroom.maps.matching import Place
from toli.warroom.models import MapFile, Shape


def ring(x, y, size=1.0):
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def geojson(*areas, field="name"):
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {field: name, "year": 2011},
             "geometry": {"type": "Polygon", "coordinates": [line]}}
            for name, line in areas
        ],
    }  # fmt: skip


DISTRICTS = geojson(("Bhilwara", ring(74, 25)), ("UDAIPUR", ring(75, 25)))
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.001, 0.001], "translate": [74, 25]},
    # two squares that share the arc 0; the second walks it backwards
    "arcs": [[[1000, 0], [0, 1000]], [[1000, 1000], [-1000, 0], [0, -1000], [1000, 0]],
             [[1000, 0], [1000, 0], [0, 1000], [-1000, 0]]],
    "objects": {"d": {"type": "GeometryCollection", "geometries": [
        {"type": "Polygon", "arcs": [[0, 1]], "properties": {"district": "भीलवाड़ा"}},
        {"type": "MultiPolygon", "arcs": [[[2, -1]]], "properties": {"district": "Udaipur"}},
    ]}},
}  # fmt: skip


def load(actor, unit, found=DISTRICTS, level="district", **more):
    body = found if isinstance(found, bytes) else json.dumps(found).encode()
    return services.load_map(
        actor=actor, unit=unit, level_key=level, body=body, source="d.json", now=timezone.now(), **more
    )


# --- reading ---


@pytest.mark.parametrize("found", [DISTRICTS, TOPOLOGY])
def test_both_formats_give_areas_with_names_and_closed_outlines(found):
    features = reading.read_map(json.dumps(found).encode())
    assert len(features) == 2
    for feature in features:
        outline = feature.polygons[0][0]
        assert outline[0] == outline[-1]
        assert {(round(x, 3), round(y, 3)) for x, y in outline} in (
            {(74, 25), (75, 25), (75, 26), (74, 26)}, {(75, 25), (76, 25), (76, 26), (75, 26)},
        )  # fmt: skip


def changed(**parts):
    found = copy.deepcopy(DISTRICTS)
    found["features"][0].update(parts)
    return found


BROKEN = {
    "no file": b"",
    "not text": b"\xff\xfe\x00\x89PNG",
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "not a number": b'{"type":"FeatureCollection","features":[NaN]}',
    "a word": b'"x"',
    "another type": {"type": "Sphere"},
    "points only": changed(geometry={"type": "Point", "coordinates": [74, 25]}) | {"features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [74, 25]}}]},
    "metres": geojson(("x", [[7400000, 2500000], [7400001, 2500000], [7400001, 2500001], [7400000, 2500000]])),
    "huge numbers": json.dumps(geojson(("x", ring(74, 25)))).replace("74", "1e999").encode(),
    "an endless whole number": json.dumps(geojson(("x", ring(74, 25)))).replace("74", "9" * 4000).encode(),
    "words for numbers": geojson(("x", [["a", "b"]] * 5)),
    "truth for numbers": geojson(("x", [[True, False]] * 5)),
    "a line for a ring": changed(geometry={"type": "Polygon", "coordinates": [74, 25]}),
    "no area at all": geojson(("x", [[74, 25]] * 9), ("y", [[74, 25], [75, 25], [74, 25], [75, 25], [74, 25]])),
    "an arc that is not there": {**TOPOLOGY, "arcs": TOPOLOGY["arcs"][:1]},
    "an arc by a word": {**TOPOLOGY, "objects": {"d": {"type": "Polygon", "arcs": [["0"]]}}},
    "a scale of words": {**TOPOLOGY, "transform": {"scale": "x", "translate": None}},
    "no objects": {**TOPOLOGY, "objects": []},
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_no_map_is_refused_with_a_sentence(name):
    body = BROKEN[name] if isinstance(BROKEN[name], bytes) else json.dumps(BROKEN[name]).encode()
    with pytest.raises(BadInput) as refusal:
        reading.read_map(body)
    assert str(refusal.value.fields["file"]).endswith((".", ")"))


def test_what_is_too_large_is_refused_before_it_is_drawn(monkeypatch):
    with pytest.raises(BadInput):
        reading.read_map(b" " * 1001, largest=1000)
    monkeypatch.setattr(reading, "MOST_FEATURES", 1)
    with pytest.raises(BadInput):
        reading.read_map(json.dumps(DISTRICTS).encode())


def test_a_small_file_that_unfolds_into_millions_of_points_is_refused():
    bomb = {**TOPOLOGY, "arcs": [[[n % 3, n % 2] for n in range(9000)]],
            "objects": {"d": {"type": "Polygon", "arcs": [[0] * 9000]}}}  # fmt: skip
    with pytest.raises(BadInput) as refusal:
        reading.read_map(json.dumps(bomb).encode())
    assert "500,000" in str(refusal.value.fields["file"])


KEYS = [
    "type",
    "features",
    "geometry",
    "coordinates",
    "arcs",
    "objects",
    "transform",
    "properties",
    "geometries",
    "scale",
]
KINDS = ["Topology", "FeatureCollection", "Feature", "Polygon", "MultiPolygon", "GeometryCollection"]
LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.sampled_from(KINDS)
ANY = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS), inner), max_leaves=30)


@settings(max_examples=150, deadline=None)
@given(ANY)
def test_any_json_is_read_or_refused(value):
    try:
        features = reading.read_map(json.dumps(value).encode())
    except BadInput:
        return
    assert simplify.simplified(features)


# --- simplifying ---


def zigzag(x0, x1, n):
    """A border with n teeth from bottom to top."""
    return [(x0 + (x1 - x0) * (k % 2), 25 + k / n) for k in range(n + 1)]


def test_a_common_border_stays_one_line():
    border = zigzag(75.0, 75.002, 500)
    west = [*border, (74.0, 26.0), (74.0, 25.0), border[0]]
    east = [border[0], (76.0, 25.0), (76.0, 26.0), *border[::-1]]
    features = reading.read_map(json.dumps(geojson(("a", west), ("b", east))).encode())
    (one,), (other,) = simplify.simplified(features, most=40)
    shared = {point for point in one[0] if point[0] > 74.5}
    assert shared == {point for point in other[0] if point[0] < 75.5}
    assert len(one[0]) < 60


def test_no_area_vanishes_however_small_it_is():
    areas = [("big", ring(70, 20, 8)), *((f"tiny {n}", ring(74 + n / 50, 30, 0.0004)) for n in range(20))]
    found = simplify.simplified(reading.read_map(json.dumps(geojson(*areas)).encode()), most=10)
    assert len(found) == 21
    assert all(polygons and len(polygons[0][0]) >= 2 for polygons in found)


# --- matching ---

PLACES = [
    Place(1, ("भीलवाड़ा", "Bhilwara"), {"lgd": "95"}), Place(2, ("उदयपुर", "Udaipur"), {"lgd": "119"}),
    Place(3, ("श्रीगंगानगर", "Sri Ganganagar"), {"lgd": "113"}), Place(4, ("जयपुर", "Jaipur"), {}),
    Place(5, ("जयपुर ग्रामीण", "Jaipur Rural"), {}),
]  # fmt: skip


def matched(*properties):
    features = [reading.Feature(words) for words in properties]
    return [(one.unit_id, one.by) for one in matching.match(features, PLACES)]


def test_names_are_found_in_any_script_and_spelling():
    assert matched({"d": "BHILWARA"}, {"d": "उदैपुर"}, {"d": "Ganganagar"}) == [(1, "name"), (2, "name"), (3, "part")]


def test_an_exact_name_goes_before_a_part_of_one():
    assert matched({"d": "Jaipur"}, {"d": "Jaipur Rural"}) == [(4, "name"), (5, "name")]


def test_two_areas_of_one_name_are_left_to_a_person():
    assert matched({"d": "Udaipur"}, {"d": "Udaipur"}, {"d": "Bhilwara"}) == [(None, ""), (None, ""), (1, "name")]


def test_a_code_counts_only_where_the_column_says_whose_it_is():
    census = [{"dt_code": "119", "d": "Bhilwara"}]
    assert matched(*census) == [(1, "name")]
    assert matched({"LGD_CODE": "119", "d": "?"}, {"LGD_CODE": "95", "d": "?"}) == [(2, "code"), (1, "code")]


def test_the_real_districts_are_all_found(shared_data):
    from toli.org.importing import facts

    names = (facts.__file__).rsplit("/", 2)[0] + "/facts/rajasthan_districts.csv"
    with open(names, encoding="utf-8") as file:
        head, *rows = [line.strip().split(",") for line in file if line.strip() and not line.startswith("#")]
    places = [Place(n, tuple(cell for cell in row if cell), {}) for n, row in enumerate(rows)]
    features = reading.read_map((shared_data / "geo" / "rajasthan_districts.topo.json").read_bytes())
    found = matching.match(features, places)
    assert len({one.unit_id for one in found} - {None}) == 33, (head, [one for one in found if one.unit_id is None])
    drawn = simplify.simplified(features)
    assert len(json.dumps(drawn)) < 200_000


# --- loading ---


@pytest.fixture
def clerk(asha):
    """Asha with her second proof shown."""
    from toli.org.access import SessionActor

    actor = asha.actor
    return SessionActor(**{f: getattr(actor, f) for f in SessionActor.__slots__} | {"second_factor": True})


def test_a_map_is_loaded_matched_and_replaced_by_the_next(clerk, tree, watch):
    seen = watch()
    first = load(clerk, tree.state)
    assert (first.areas, first.matched) == (2, 2)
    assert seen.verbs() == ["warroom.map_loaded"]
    second = load(clerk, tree.state, geojson(("Bhilwara", ring(74, 25)), ("Atlantis", ring(75, 25))))
    assert MapFile.objects.get(removed_at=None) == second.map
    assert Shape.objects.count() == 2
    areas, units = queries.unmatched(second.map)
    assert ([a.name for a in areas], [u.names["en"] for u in units]) == (["Atlantis"], ["Udaipur"])


def test_what_is_left_over_is_said_by_hand_and_taken_back(clerk, tree):
    kept = load(clerk, tree.state, geojson(("Bhilwara", ring(74, 25)), ("Atlantis", ring(75, 25)))).map
    area = kept.shapes.get(unit=None)
    services.match_shape(actor=clerk, ref=area.ref, unit_ref=tree.udaipur.ref)
    assert queries.unmatched(kept) == ([], [])
    with pytest.raises(BadInput):
        services.match_shape(actor=clerk, ref=area.ref, unit_ref=tree.booth.ref)
    services.match_shape(actor=clerk, ref=area.ref, unit_ref=None)
    area.refresh_from_db()
    assert area.unit is None


def test_no_two_areas_show_one_unit(clerk, tree):
    from toli.kit.errors import WrongState

    kept = load(clerk, tree.state, geojson(("Bhilwara", ring(74, 25)), ("Atlantis", ring(75, 25)))).map
    with pytest.raises(WrongState):
        services.match_shape(actor=clerk, ref=kept.shapes.get(unit=None).ref, unit_ref=tree.bhilwara.ref)
    assert kept.shapes.filter(unit=None).count() == 1


def test_a_refused_file_leaves_the_map_there_was(clerk, tree, watch):
    kept, seen = load(clerk, tree.state).map, watch()
    for wrong in ({"found": b"{}"}, {"level": "state"}, {"name_field": "no such field"}):
        with pytest.raises(BadInput):
            load(clerk, tree.state, **wrong)
    assert MapFile.objects.get() == kept
    assert Shape.objects.count() == 2
    assert seen.nothing_happened()


def test_only_who_shapes_the_tree_loads_maps_and_with_a_second_proof(asha, bilal, meera, clerk, tree):
    from dataclasses import replace

    for actor, error in (
        (replace(asha.actor, second_factor=False), NeedsSecondFactor), (meera.actor, NotAllowed),
        (bilal.actor, NotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            load(actor, tree.state)
    kept = load(clerk, tree.state).map
    with pytest.raises(NotFound):
        services.remove_map(actor=bilal.actor, ref=kept.ref, now=timezone.now())
    assert Shape.objects.count() == 2


def test_the_board_shows_the_map_where_there_is_one_and_tiles_where_there_is_none(asha, clerk, tree):
    org_services.fold_counts()
    page = asha.client.get(f"/desk/board/{tree.state.ref}/?show=map").content.decode()
    assert 'class="tiles"' in page
    assert "data-map" not in page
    load(clerk, tree.state)
    page = asha.client.get(f"/desk/board/{tree.state.ref}/?show=map").content.decode()
    assert "data-map" in page
    assert page.count("data-area=") == 2, "the list beside it says the same"
    shapes = asha.client.get(f"/desk/board/{tree.state.ref}/shapes/?show=map").json()
    assert {f["properties"]["name"] for f in shapes["features"]} == {str(tree.bhilwara.ref), str(tree.udaipur.ref)}
    services.remove_map(actor=clerk, ref=MapFile.objects.get().ref, now=timezone.now())
    assert "data-map" not in asha.client.get(f"/desk/board/{tree.state.ref}/?show=map").content.decode()


def test_a_district_sees_only_its_own_shapes(bilal, clerk, tree):
    load(clerk, tree.state)
    assert bilal.client.get(f"/desk/board/{tree.bhilwara.ref}/shapes/").json()["features"] == []
    assert bilal.client.get(f"/desk/board/{tree.state.ref}/shapes/").status_code == 404


def test_codes_of_units_are_used(clerk, tree):
    UnitCode.objects.create(unit=tree.udaipur, scheme="lgd", value="119")
    found = geojson(("Some other word", ring(74, 25)))
    found["features"][0]["properties"]["lgd"] = 119
    assert load(clerk, tree.state, found).map.shapes.get().unit == tree.udaipur
