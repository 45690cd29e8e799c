"""The register of groups: who belongs where, who posts what, and what the law keeps out of them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.broadcasts.conftest import cleared_item, plan_for, release, set_poll
from tests.content.conftest import wording

from toli.broadcasts import queries, services
from toli.broadcasts.groups import Branch, Covered, groups_for, room_in, size_of, split
from toli.broadcasts.models import Group, GroupAdmin, Posting
from toli.content import services as content
from toli.elections import gate
from toli.kit.errors import BadInput, NotAllowed, NotFound, WrongState

DAY = date(2026, 11, 1)
LINK = "https://chat.whatsapp.com/AbCdEf"


def said(name="Sahara 1", link=LINK, tier="all", members=None):
    return services.Said(name, link, tier, members)


def registered(member, unit, **more):
    return services.register_group(
        actor=member.actor, unit=unit, kind="whatsapp", said=said(**more), now=timezone.now()
    )


def with_admin(member, unit, admin, **more):
    group = registered(member, unit, **more)
    services.name_admin(actor=member.actor, ref=group.ref, person_ref=admin.person.ref, now=timezone.now())
    return group


def pack_of(group, now=None):
    return queries.packs([group], language="hi", sharer="", now=now or timezone.now())[0]


@pytest.fixture
def going_out(approved, farah, gopal, tree):
    """The approved item is released to message groups of the whole district."""
    release(approved, farah, gopal, plan_for(tree.bhilwara, channels=["groups"]))
    return approved


# Splitting a place


trees = st.recursive(
    st.integers(0, 40).map(lambda own: (own, [])),
    lambda below: st.tuples(st.integers(0, 20), st.lists(below, max_size=5)),
    max_leaves=25,
)


def grow(shape, ids):
    return Branch(next(ids), shape[0], tuple(grow(below, ids) for below in shape[1]))


def homes(branch, above=()):
    """(units from the root down, how many are at home there) for every unit."""
    here = (*above, branch.unit_id)
    yield here, branch.own
    for below in branch.below:
        yield from homes(below, here)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees, st.integers(3, 60))
def test_everybody_belongs_in_one_group_and_no_group_is_planned_over_its_room(shape, room):
    top = grow(shape, iter(range(1, 1000)))
    planned = split(top, room)
    told = [Covered(n, "whatsapp", frozenset(one.covers), one.part, one.parts) for n, one in enumerate(planned)]
    filled = dict.fromkeys(range(len(planned)), 0)
    person = 0
    for home, own in homes(top):
        for _n in range(own):
            person += 1
            found = groups_for(home, person, told)
            assert len(found) == 1
            filled[found[0]] += 1
    assert sum(filled.values()) == top.members
    for n, one in enumerate(planned):
        assert one.members <= room or one.parts > 1
        if one.parts == 1:
            assert filled[n] == one.members


def test_sizes_are_those_of_the_platform_and_channels_have_none():
    assert size_of("whatsapp", DAY) == 1024
    assert room_in("whatsapp", DAY) == 819
    assert size_of("telegram_channel", DAY) is None
    assert len(split(Branch(1, 603_000), None)) == 1
    assert len(split(Branch(1, 603_000), 1024)) == 589


def test_the_nearest_group_of_each_app_is_ones_own():
    here = [
        Covered(1, "whatsapp", frozenset({10}), 1, 1),
        Covered(2, "whatsapp", frozenset({30}), 1, 1),
        Covered(3, "telegram_channel", frozenset({10}), 1, 1),
    ]
    assert sorted(groups_for([10, 20, 30], 5, here)) == [2, 3]
    assert sorted(groups_for([10, 20], 5, here)) == [1, 3]


# The register


def test_a_group_is_written_down_once_and_only_in_ones_charge(bilal, dev, chitra, tree, watch):
    registered(bilal, tree.sahara)
    seen = watch()
    with pytest.raises(BadInput) as refused:
        registered(bilal, tree.booth)
    assert "link" in refused.value.fields
    with pytest.raises(BadInput):
        registered(bilal, tree.sahara, link="https://example.com/x")
    with pytest.raises(NotFound):
        registered(dev, tree.sahara, link="")
    with pytest.raises(NotAllowed):
        registered(chitra, tree.booth, link="")
    assert Group.objects.count() == 1
    assert seen.nothing_happened()


def test_a_plan_is_made_once_and_a_place_is_no_longer_missing(bilal, chitra, tree, watch):
    assert tree.sahara in queries.units_without(bilal.actor, level="constituency")
    made = services.plan_groups(actor=bilal.actor, unit=tree.sahara, kind="whatsapp", now=timezone.now())
    assert [group.covers for group in made] == [[tree.sahara.pk]]
    assert tree.sahara not in queries.units_without(bilal.actor, level="constituency")
    assert tree.booth not in queries.units_without(bilal.actor, level="booth")
    seen = watch()
    with pytest.raises(WrongState):
        services.plan_groups(actor=bilal.actor, unit=tree.sahara, kind="whatsapp", now=timezone.now())
    assert Group.objects.count() == 1
    assert seen.nothing_happened()


def test_a_group_of_the_whole_state_is_nobodys_own(asha, tree):
    registered(asha, tree.state)
    assert tree.sahara in queries.units_without(asha.actor, level="constituency")


def test_members_see_the_link_of_their_own_place_and_others_do_not(bilal, chitra, dev, tree):
    group = registered(bilal, tree.sahara)
    assert queries.my_groups(chitra.actor) == [group]
    assert queries.my_groups(dev.actor) == []
    services.change_group(actor=bilal.actor, ref=group.ref, said=said(tier="leaders"), now=timezone.now())
    assert queries.my_groups(chitra.actor) == []
    services.change_group(actor=bilal.actor, ref=group.ref, said=said(), now=timezone.now())
    services.close_group(actor=bilal.actor, ref=group.ref, now=timezone.now())
    assert queries.my_groups(chitra.actor) == []


def test_only_a_seat_holder_of_the_place_posts_there(bilal, chitra, dev, ravi, tree, watch):
    group = registered(bilal, tree.sahara)
    seen = watch()
    for stranger in (dev, ravi):
        with pytest.raises(NotFound):
            services.name_admin(actor=bilal.actor, ref=group.ref, person_ref=stranger.person.ref, now=timezone.now())
    assert not GroupAdmin.objects.exists()
    assert seen.nothing_happened()


# Posting


def test_an_admin_posts_what_was_released_to_groups_and_says_so_once(going_out, bilal, chitra, tree, watch):
    group = with_admin(bilal, tree.booth, chitra)
    pack = pack_of(group)
    assert [line.shared.told["text"] for line in pack.lines] == ["हर बूथ, हर घर"]
    assert pack.waiting == 1
    seen = watch()
    for _n in range(2):
        services.say_posted(actor=chitra.actor, ref=group.ref, item_ref=going_out.ref, now=timezone.now())
    assert Posting.objects.count() == 1
    assert seen.verbs() == ["broadcasts.posted"]
    assert pack_of(group).waiting == 0
    assert queries.posted_in(bilal.actor, [going_out.pk]) == {going_out.pk: 1}


def test_nobody_but_an_admin_says_it_and_only_of_what_was_meant_for_the_group(
    going_out, bilal, chitra, farah, gopal, ravi, tree, watch
):
    group = with_admin(bilal, tree.booth, chitra)
    elsewhere = cleared_item(bilal, [farah, gopal], tree.bhilwara, text="सिर्फ़ फ़ोन पर")
    release(elsewhere, farah, gopal, plan_for(tree.bhilwara, channels=["pulse"]))
    seen = watch()
    with pytest.raises(NotFound):
        services.say_posted(actor=ravi.actor, ref=group.ref, item_ref=going_out.ref, now=timezone.now())
    with pytest.raises(NotFound):
        services.say_posted(actor=chitra.actor, ref=group.ref, item_ref=elsewhere.ref, now=timezone.now())
    with pytest.raises(NotFound):
        services.tell_group(actor=ravi.actor, ref=group.ref, link="", members=5, now=timezone.now())
    assert not Posting.objects.exists()
    assert seen.nothing_happened()


def test_silence_holds_appeals_back_from_the_groups_of_its_constituency_alone(going_out, asha, bilal, tree):
    here = registered(bilal, tree.booth)
    above = registered(bilal, tree.bhilwara, link="")  # its only constituency
    far = registered(asha, tree.state, link="")
    closes = set_poll(tree.sahara)
    silent = closes - timedelta(hours=47)
    assert pack_of(here, silent).lines == []
    assert pack_of(here, silent).held == 1
    assert pack_of(here, closes - timedelta(hours=49)).held == 0
    assert pack_of(above, silent).held == 1
    # A group of the state reaches others too (rule 28), but nothing was released to the whole state.
    assert (pack_of(far, silent).lines, pack_of(far, silent).held) == ([], 0)


def test_what_is_edited_withdrawn_internal_or_for_leaders_is_in_no_pack(going_out, bilal, farah, gopal, tree):
    group = registered(bilal, tree.booth)
    internal = cleared_item(bilal, [farah, gopal], tree.bhilwara, text="कल सुबह बैठक", matter="internal")
    leaders = cleared_item(bilal, [farah, gopal], tree.bhilwara, text="नेताओं के लिए")
    release(internal, farah, gopal, plan_for(tree.bhilwara, channels=["groups"]))
    release(leaders, farah, gopal, plan_for(tree.bhilwara, channels=["groups"], tier="leaders"))
    assert [line.shared.told["text"] for line in pack_of(group).lines] == ["हर बूथ, हर घर"]
    content.edit_item(actor=bilal.actor, ref=going_out.ref, wording=wording("बदला हुआ"), now=timezone.now())
    assert pack_of(group).lines == []


def test_with_the_gate_shut_no_pack_holds_anything(going_out, bilal, tree, monkeypatch):
    group = registered(bilal, tree.booth)
    real = gate.may_publish

    def never(subject, *rest, **more):
        shut = gate.Subject(kind="nothing", hash=subject.hash)
        return real(shut, *rest, **more)

    monkeypatch.setattr(gate, "may_publish", never)
    assert pack_of(group).lines == []
    assert pack_of(group).held == 1


# Pages


def test_an_admin_works_through_the_page_on_the_phone(going_out, bilal, chitra, tree):
    group = with_admin(bilal, tree.booth, chitra)
    browser = chitra.client
    page = browser.get("/me/groups/").content.decode()
    assert "wa.me/?text=" in page
    assert group.link in page
    browser.post(f"/me/groups/{group.ref}/posted/{going_out.ref}/")
    assert "wa.me/?text=" not in browser.get("/me/groups/").content.decode()
    browser.post(f"/me/groups/{group.ref}/", {f"{group.pk}-link": LINK + "2", f"{group.pk}-members": "812"})
    group.refresh_from_db()
    assert (group.link, group.members) == (LINK + "2", 812)
    browser.post(f"/me/groups/{group.ref}/", {f"{group.pk}-link": "https://example.com", f"{group.pk}-members": "x"})
    group.refresh_from_db()
    assert (group.link, group.members) == (LINK + "2", 812)
