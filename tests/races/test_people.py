"""Two officers on the same persons at the same moment."""

import pytest
from django.utils import timezone

from tests import cast
from tests.races.together import together, winners_and_losers
from toli.kit.errors import NotFound, WrongState
from toli.org import services
from toli.org.services.counts import drift
from toli.people.models import DuplicatePair, Merge, Person

pytestmark = pytest.mark.django_db(transaction=True)
PERSONS = "SELECT 1 FROM people_person WHERE id = ANY(%s) FOR UPDATE"


@pytest.fixture
def double(tree, ravi):
    return cast.add_person("रवि साल्वी", "+911000000016", home=tree.booth)


@pytest.mark.parametrize("crossed", [False, True])
def test_two_officers_join_the_same_pair_at_once_and_one_is_told(asha, bilal, ravi, double, crossed):
    first, second = asha.actor, bilal.actor
    other_way = (double.ref, ravi.person.ref) if crossed else (ravi.person.ref, double.ref)
    now = timezone.now()
    results = together(
        [
            lambda: services.merge_persons(
                actor=first, kept_ref=ravi.person.ref, gone_ref=double.ref, take={}, now=now
            ),
            lambda: services.merge_persons(
                actor=second, kept_ref=other_way[0], gone_ref=other_way[1], take={}, now=now
            ),
        ],
        hold=PERSONS,
        params=[[ravi.person.pk, double.pk]],
    )
    won, lost = winners_and_losers(results)
    assert len(won) == 1
    assert [type(e) for e in lost] == [WrongState]
    assert Merge.objects.count() == 1
    assert Person.objects.filter(state="merged").count() == 1
    services.fold_counts()
    assert drift(now=timezone.now()) == []


def test_one_joins_and_one_calls_them_different_at_once(asha, bilal, ravi, double):
    services.find_duplicates(now=timezone.now())
    pair = DuplicatePair.objects.get()
    first, second = asha.actor, bilal.actor
    now = timezone.now()
    results = together(
        [
            lambda: services.merge_persons(
                actor=first, kept_ref=ravi.person.ref, gone_ref=double.ref, take={}, now=now
            ),
            lambda: services.call_different(actor=second, ref=pair.ref, now=now),
        ],
        hold="SELECT 1 FROM people_person p, people_duplicatepair d WHERE p.id = ANY(%s) FOR UPDATE OF p, d",
        params=[[ravi.person.pk, double.pk]],
    )
    won, lost = winners_and_losers(results)
    assert len(won) == 1
    assert [type(e) for e in lost] in ([WrongState], [NotFound])
    services.fold_counts()
    assert drift(now=timezone.now()) == []
