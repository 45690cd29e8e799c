"""Where applications come from is kept as digests; groups that look as if one hand made them are listed and decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from tests import cast
from tests.recruitment.conftest import Applicant
from tests.recruitment.crowd import add_crowd

from toli.accounts.limits import ACTS
from toli.accounts.models import Draft, LoginCode, Usage
from toli.kit import secrets
from toli.kit.errors import BadInput, NotAllowed, NotFound, WrongState
from toli.people.models import Person
from toli.people.services import fold_names
from toli.recruitment import queries, services
from toli.recruitment.models import Application, Cluster, JoinLink, Trace

AGO = timedelta(hours=3)


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
    add_crowd(drive, tree.booth, 30, at=timezone.now() - timedelta(minutes=12), device=b"d" * 32)
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


SENT_FOR_REAL = 130
MOST = ACTS["join"].device.most


def test_of_ten_thousand_forms_of_one_device_an_hours_worth_is_kept_and_the_rest_refused_with_a_sentence(
    applicant, answers, drive, watch
):
    """130 forms of three numbers are sent through the page, then 9,865 are counted at once, then five more are sent."""
    numbers = [f"10000{n:05}" for n in range(81, 84)]
    seen = watch()
    for n in range(SENT_FOR_REAL):
        applicant.client.defaults["REMOTE_ADDR"] = f"203.0.113.{n}"  # a phone that changes its network all the time
        page = applicant.fill(answers | {"phone": numbers[n % 3]})
        assert page.status_code == (302 if n <= MOST else 422), n
    assert "Many forms came from here" in page.content.decode()
    assert answers["name"] in page.content.decode()
    device = applicant.client.cookies["toli_device"].value.partition(".")[0]
    who = secrets.blind_index(f"device:{device}", context="limit").hex()
    counted = Usage.objects.filter(act="join", scope="device", who=who)
    assert sum(counted.values_list("n", flat=True)) == SENT_FOR_REAL - 1  # the first one had no device yet
    counted.update(n=F("n") + 9_865)
    for _n in range(5):
        assert applicant.fill(answers).status_code == 422
    assert Draft.objects.count() == MOST + 1
    assert Draft.objects.filter(expires_at__gt=timezone.now() + timedelta(days=2)).count() == 0
    assert LoginCode.objects.count() == 3  # one number gets one code, however often the form comes
    assert (Application.objects.count(), Person.objects.filter(name=answers["name"]).count()) == (0, 0)
    assert seen.nothing_happened()
    assert Applicant().fill(answers).status_code == 302  # the neighbour behind the same network is served


def test_ten_thousand_applications_that_came_through_all_the_same_are_kept_marked_and_one_group_each_way(
    drive, tree, watch
):
    """Whoever throws the cookie away is no device any more: the network tells. Nobody is refused or written to."""
    add_crowd(drive, tree.booth, 10_000, at=timezone.now() - AGO, gap=0.05, device=b"d" * 32, address=b"a" * 32)
    seen = watch()
    assert find() == 2
    assert seen.verbs() == ["recruitment.clusters_found"]
    assert seen.messages == seen._now()[1]
    assert dict(Cluster.objects.values_list("reason", "size")) == {"device": 10_000, "address": 10_000}
    assert Trace.objects.filter(over__contains=["device"]).count() == 9_980
    assert Application.objects.filter(state="submitted").count() == 10_000
    assert find() == 0


def test_what_a_phone_says_of_its_clock_is_never_believed(applicant, answers, drive):
    """Its clock may be years off: neither a field, a header nor an address moves the hour of an application."""
    began = timezone.now()
    years_ago = "1999-01-01T00:00:00+05:30"
    said = dict.fromkeys(("submitted_at", "at", "now", "created_at", "changed_at", "declared_at"), years_ago)
    applicant.client.defaults["HTTP_DATE"] = "Fri, 01 Jan 1999 00:00:00 GMT"
    found = applicant.apply(answers | said)
    trace = Trace.objects.get()
    hours = [found.submitted_at, found.declared_at, found.changed_at, trace.at, found.person.created_at]
    assert all(began <= hour <= timezone.now() for hour in hours)
    assert trace.answer_seconds < 60


def test_numbers_in_a_row_are_a_group_with_that_reason(drive, tree, watch):
    add_crowd(drive, tree.booth, 4, at=timezone.now() - AGO, thousand=b"t" * 32, first=310)
    add_crowd(drive, tree.booth, 7, at=timezone.now() - AGO, thousand=b"t" * 32, first=100, step=1)
    add_crowd(drive, tree.booths[1], 6, at=timezone.now() - AGO, thousand=b"u" * 32, first=500, step=2)
    seen = watch()
    assert find() == 2
    assert seen.verbs() == ["recruitment.clusters_found"]
    groups = Cluster.objects.order_by("-size")
    assert [(g.reason, g.size, g.unit) for g in groups] == [("row", 7, tree.booth), ("row", 6, tree.booths[1])]
    assert find() == 0


def test_a_family_a_shared_number_and_a_busy_thousand_are_no_row(drive, tree, watch):
    """Five cards bought together; nine people of one number; fifty of a thousand; two halves of a row on two days."""
    when = timezone.now() - AGO
    add_crowd(drive, tree.booth, 5, at=when, thousand=b"f" * 32, first=200, step=1)
    add_crowd(drive, tree.booth, 9, at=when, thousand=b"s" * 32, first=200)
    add_crowd(drive, tree.booth, 50, at=when, thousand=b"b" * 32, first=7, step=19)
    for day in (0, 1):
        add_crowd(drive, tree.booth, 5, at=when - timedelta(days=day), thousand=b"h" * 32, first=5 * day, step=1)
    seen = watch()
    assert find() == 0
    assert seen.nothing_happened()


def test_a_join_keeps_of_its_number_what_a_row_is_seen_by_and_a_known_persons_is_not_kept_again(
    applicant, answers, drive, ravi
):
    for n in range(6):
        Applicant().apply(answers | {"phone": f"10000004{40 + n}", "name": f"नीलम {n}"})
    assert {bytes(key) for key in Trace.objects.values_list("number_key", flat=True)} == {
        secrets.blind_index("+911000000", context="join numbers")
    }
    find()
    assert list(Cluster.objects.values_list("reason", "size")) == [("row", 6)]
    known = {k: v for k, v in answers.items() if k in ("unit", "notice", "declared", "purpose_organise")}
    assert ravi.client.post("/join/youth/form/", known, follow=True).status_code == 200
    assert Trace.objects.get(application__person=ravi.person).number_key is None
