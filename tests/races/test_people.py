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


def test_two_reveals_at_once_do_not_exceed_the_days_share(bilal, ravi):
    from toli.audit import services as audit
    from toli.audit.models import PersonalRead
    from toli.consent import services as consent
    from toli.consent.first_notice import ensure_notice
    from toli.kit.errors import LimitReached
    from toli.people import queries as people

    now = timezone.now()
    consent.give(
        actor=ravi.actor, person=ravi.person, notice=ensure_notice(actor=cast.SYSTEM, now=now), language="hi",
        purposes=["organise", "calls"], session_key="s", now=now,
    )  # fmt: skip
    for _n in range(people.REVEALS_PER_DAY - 1):
        audit.note_read(bilal.actor, person_id=ravi.person.pk, columns=["ContactPoint.cipher"], reason="task: x")
    actor = bilal.actor

    def open_it():
        return consent.reveal_number(
            actor=actor, person_ref=ravi.person.ref, reason="task", words="the wall", now=timezone.now()
        )

    results = together([open_it, open_it], hold=PERSONS, params=[[bilal.person.pk]])
    won, lost = winners_and_losers(results)
    assert len(won) == 1
    assert [type(e) for e in lost] == [LimitReached]
    assert PersonalRead.objects.filter(columns__contains="ContactPoint.cipher").count() == people.REVEALS_PER_DAY


def test_two_officers_close_a_breach_at_once_and_it_closes_once(asha, tree):
    from toli.consent import services as consent

    now = timezone.now()
    parts = ("what", "where", "consequences", "measures", "advice", "cause")
    texts = {tag: dict.fromkeys(parts, "x") for tag in ("hi", "en")}
    case = consent.open_breach(
        actor=asha.actor, texts=texts, data_kinds=["name"], noticed_at=now, began_at=None, now=now
    )
    for full in (False, True):
        consent.note_board_told(actor=asha.actor, ref=case.ref, full=full, now=now)
    consent.propose_closing(actor=asha.actor, ref=case.ref, now=now)
    others = [
        cast.cast_member("Sunita Verma", "+911000000041", tree.state, "state_team", "state_member").actor,
        cast.cast_member("Kavita Rao", "+911000000042", tree.bhilwara, "district_team", "state_member").actor,
    ]
    acts = [lambda a=a: consent.confirm_closing(actor=a, ref=case.ref, now=now) for a in others]
    results = together(acts, hold="SELECT 1 FROM consent_breach WHERE id = %s FOR UPDATE", params=[case.pk])
    won, lost = winners_and_losers(results)
    assert len(won) == 1
    assert [type(e) for e in lost] == [WrongState]
