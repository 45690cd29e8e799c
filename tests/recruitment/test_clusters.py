"""Where applications come from is kept as digests; groups that look as if one hand made them are listed and decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment.crowd import add_crowd

from toli.accounts.models import Draft, Usage
from toli.kit import secrets
from toli.kit.errors import BadInput, NotAllowed, NotFound, WrongState
from toli.people.services import fold_names
from toli.recruitment import queries, services
from toli.recruitment.models import Application, Cluster, JoinLink, Trace

AGO = timedelta(hours=3)


def _count_device(device: str, n: int) -> None:
    who = secrets.blind_index(f"device:{device}", context="limit").hex()
    assert Usage.objects.filter(act="join", scope="device", who=who).update(n=n) == 1


def find():
    return services.find_clusters(actor=cast.SYSTEM, now=timezone.now())


def test_an_application_keeps_keyed_digests_of_where_it_came_from(applicant, answers, drive):
    applicant.apply(answers)
    trace = Trace.objects.get()
    assert bytes(trace.address_key) == secrets.blind_index("127.0.0.1", context="join address")
    assert len(bytes(trace.device_key)) == 32
    assert trace.answer_seconds is not None
    assert trace.over == []


def test_many_of_one_device_are_kept_marked_and_listed_once(drive, tree, watch):
    add_crowd(drive, tree.booth, 40, at=timezone.now() - AGO, device=b"d" * 32)
    add_crowd(drive, tree.booths[1], 15, at=timezone.now() - AGO, device=b"e" * 32)
    seen = watch()
    assert find() == 1
    assert seen.verbs() == ["recruitment.clusters_found"]
    group = Cluster.objects.get()
    assert (group.reason, group.size, group.state, group.unit) == ("device", 40, "open", tree.booth)
    assert group.members.count() == 40
    assert Application.objects.filter(state="submitted").count() == 55
    assert Trace.objects.filter(over=["device"]).count() == 20  # the first twenty were below the limit
    seen = watch()
    assert find() == 0
    assert seen.nothing_happened()
    assert Cluster.objects.count() == 1


@pytest.mark.parametrize(
    ("reason", "many", "more"),
    [
        ("address", 250, {"address": b"a" * 32}),
        ("speed", 12, {"seconds": 3}),
    ],
)
def test_other_groups_are_found_with_their_reason(drive, tree, reason, many, more):
    add_crowd(drive, tree.booth, many, at=timezone.now() - AGO, **more)
    assert find() == 1
    assert Cluster.objects.get().reason == reason


def test_a_referrers_flood_over_two_districts_lies_at_the_unit_above_both(drive, tree, ravi):
    link = JoinLink.objects.create(drive=drive, code="r", kind="referral", person=ravi.person, made_at=drive.opens_at)
    for unit in (tree.booth, tree.far_booth):
        add_crowd(drive, unit, 50, at=timezone.now() - AGO, link=link)
    assert find() == 1
    group = Cluster.objects.get()
    assert (group.reason, group.size, group.unit) == ("referrer", 100, tree.division)


def test_the_same_name_in_two_scripts_again_and_again_in_one_booth_is_a_group(drive, tree):
    for name in ("राम कुमार", "Ram Kumar", "राम  कुमार", "Raam Kumar", "राम कुमार"):
        one = add_crowd(drive, tree.booth, 1, at=timezone.now() - AGO)[0]
        one.person.__class__.objects.filter(pk=one.person_id).update(name=name)
    fold_names()
    find()
    group = Cluster.objects.get()
    assert (group.reason, group.size) == ("names", 5)


def test_a_person_decides_with_a_reason_and_a_group_that_grows_by_half_is_looked_at_again(
    drive, tree, asha, bilal, dev, meera, watch
):
    add_crowd(drive, tree.booth, 30, at=timezone.now() - timedelta(minutes=50), device=b"d" * 32)
    find()
    group = Cluster.objects.get()
    now = timezone.now()
    seen = watch()
    for member, error in ((dev, NotFound), (meera, NotFound), (bilal, NotAllowed)):
        with pytest.raises(error):
            services.decide_cluster(actor=member.actor, ref=group.ref, state="cleared", words="a camp", now=now)
    for wrong in ({"state": "open", "words": "a camp"}, {"state": "cleared", "words": " "}):
        with pytest.raises(BadInput):
            services.decide_cluster(actor=asha.actor, ref=group.ref, now=now, **wrong)
    assert seen.nothing_happened()
    services.decide_cluster(actor=asha.actor, ref=group.ref, state="cleared", words="a camp at the school", now=now)
    with pytest.raises(WrongState):
        services.decide_cluster(actor=asha.actor, ref=group.ref, state="cleared", words="once more", now=now)
    assert seen.verbs() == ["recruitment.cluster_cleared"]
    add_crowd(drive, tree.booth, 5, at=timezone.now() - timedelta(minutes=10), device=b"d" * 32)
    find()
    group.refresh_from_db()
    assert (group.state, group.size) == ("cleared", 35)
    add_crowd(drive, tree.booth, 20, at=timezone.now() - timedelta(minutes=9), device=b"d" * 32)
    find()
    group.refresh_from_db()
    assert (group.state, group.size, group.words) == ("open", 55, "a camp at the school")


def test_groups_stand_on_the_page_of_whoever_has_all_of_them_in_charge(drive, tree, asha, bilal, dev):
    add_crowd(drive, tree.booth, 30, at=timezone.now() - AGO, device=b"d" * 32)
    find()
    ref = str(Cluster.objects.get().ref)
    for member, sees in ((asha, True), (bilal, True), (dev, False)):
        page = member.client.get("/desk/drives/youth/truth/")
        assert (ref in page.content.decode()) is sees
        assert member.client.get(f"/desk/groups/{ref}/").status_code == (200 if sees else 404)
    form = {"state": "confirmed", "words": "none of them exists"}
    assert bilal.client.post(f"/desk/groups/{ref}/", form).status_code == 403
    assert asha.client.post(f"/desk/groups/{ref}/", {"state": "confirmed"}).status_code == 422
    assert asha.client.post(f"/desk/groups/{ref}/", form).status_code == 302
    assert queries.clusters(asha.actor, drive, "confirmed").count() == 1


def test_traces_are_erased_thirty_days_after_the_drive(drive, tree, watch):
    add_crowd(drive, tree.booth, 3, at=timezone.now() - AGO)
    over = drive.closes_at + timedelta(days=30)
    seen = watch()
    assert services.erase_traces(actor=cast.SYSTEM, now=over) == 0
    assert seen.nothing_happened()
    assert services.erase_traces(actor=cast.SYSTEM, now=over + timedelta(seconds=1)) == 3
    assert Application.objects.count() == 3


def test_ten_thousand_forms_of_one_device_are_refused_with_a_sentence_and_nothing_of_them_is_kept(
    applicant, answers, drive, watch
):
    """The counter is set to where 9,999 forms of this device and hour have brought it; the next ones are sent."""
    assert applicant.fill(answers).status_code == 302
    device = applicant.client.cookies["toli_device"].value.partition(".")[0]
    assert applicant.fill(answers).status_code == 302
    kept = Draft.objects.count()
    _count_device(device, 10_000)
    seen = watch()
    for _n in range(5):
        page = applicant.fill(answers)
        assert page.status_code == 422
        assert "Many forms came from here" in page.content.decode()
        assert answers["name"] in page.content.decode()
    assert Draft.objects.count() == kept
    assert Application.objects.count() == 0
    assert seen.nothing_happened()
    assert applicant.client.get("/join/youth/").status_code == 200
