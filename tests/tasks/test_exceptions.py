"""A coordinator sees only what needs a hand, of their own charge, and what to do next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.tasks.conftest import give, hand_in, share_of, volunteer

from toli.tasks import queries, services


@pytest.fixture
def mess(asha, booths, tree, salma, now):
    """Four shares of one old task, each in another trouble, and one task that is on its way."""
    old = give(asha.actor, tree.state, now=now - timedelta(days=2), days=9)
    people = [salma, *(volunteer(b, name="Omprakash Jat") for b in (tree.booths[1], tree.booths[2]))]
    shares = [share_of(old, booth) for booth in tree.booths]
    for member, share in zip(people[:2], shares[:2], strict=True):
        services.accept_assignment(actor=member.actor, ref=share.ref, now=now)
        hand_in(member, share)
    services.return_assignment(actor=asha.actor, ref=shares[1].ref, reason="अधूरा", now=now)
    give(asha.actor, tree.state, now=now, target=40)
    return old


def test_each_share_stands_under_the_first_trouble_that_fits(asha, mess, now):
    rows = queries.exceptions(asha.actor, now=now)
    assert queries.exception_counts(rows) == {"photo": 0, "waiting": 1, "late": 0, "returned": 1, "unanswered": 2}
    late = queries.exceptions(asha.actor, now=mess.due_at + timedelta(hours=1), task=mess)
    assert queries.exception_counts(late) == {"photo": 0, "waiting": 1, "late": 3, "returned": 0, "unanswered": 0}


def test_a_coordinator_sees_the_exceptions_of_their_own_charge_only(bilal, dev, chitra, mess, now):
    assert queries.exceptions(bilal.actor, now=now).count() == 3
    assert queries.exceptions(dev.actor, now=now).count() == 1
    assert [a.trouble for a in queries.exceptions(chitra.actor, now=now)] == ["waiting"]


def test_the_worst_place_comes_first(asha, mess, tree, now):
    counts, found = queries.troubles_by_part(queries.exceptions(asha.actor, now=now), tree.state)
    assert sum(counts.values()) == 4
    assert [(unit.pk, sum(n.values())) for unit, n in found] == [(tree.bhilwara.pk, 3), (tree.udaipur.pk, 1)]


def test_the_page_narrows_by_trouble_place_and_task(asha, mess, tree):
    url = "/desk/tasks/exceptions/"
    assert asha.client.get(url).text.count('id="share-') == 4
    assert asha.client.get(url, {"trouble": "waiting"}).text.count('id="share-') == 1
    assert asha.client.get(url, {"unit": tree.udaipur.ref}).text.count('id="share-') == 1
    assert asha.client.get(url, {"task": mess.ref}).text.count('id="share-') == 4
    assert asha.client.get(url, {"trouble": "nonsense", "unit": "nonsense"}).status_code == 200


def test_a_place_of_another_district_does_not_exist(bilal, mess, tree):
    assert bilal.client.get("/desk/tasks/exceptions/", {"unit": tree.udaipur.ref}).status_code == 404


def test_when_nothing_needs_a_hand_the_page_says_so(bilal, task):
    assert "Nothing needs a hand here" in bilal.client.get("/desk/tasks/exceptions/").text


def test_withdrawn_and_finished_tasks_leave_the_list(asha, mess, now):
    services.withdraw_task(actor=asha.actor, ref=mess.ref, reason="टला", now=now)
    assert queries.exceptions(asha.actor, now=now, task=mess).count() == 0
    assert timezone.now() > mess.given_at
