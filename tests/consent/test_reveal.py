"""A number is opened for a reason the person sees, never against their wish, and not more than forty in a day."""

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import cast

from toli.audit import services as audit
from toli.audit.models import PersonalRead, Record
from toli.consent import services
from toli.kit.errors import BadInput, LimitReached, NeedsSecondFactor, NotAllowed, NotFound
from toli.people import queries as people
from toli.people import services as persons


def open_it(member, person, *, reason="meeting", words="camp on Sunday", **more):
    return services.reveal_number(
        actor=more.get("actor") or member.actor, person_ref=person.ref, reason=reason, words=words, now=timezone.now()
    )


@pytest.fixture
def callable_ravi(ravi, agree):
    agree(ravi, "organise", "calls")
    return ravi


def test_a_number_is_opened_once_with_its_reason(bilal, callable_ravi, watch):
    seen = watch()
    assert open_it(bilal, callable_ravi.person) == "+91 10000 00006"
    assert seen.verbs() == ["people.revealed"]
    read = PersonalRead.objects.get(columns__contains="ContactPoint.cipher")
    assert (read.person_id, read.reason) == (callable_ravi.person.pk, "meeting: camp on Sunday")
    assert Record.objects.get(verb="people.revealed").data == {"reason": "meeting"}


@pytest.mark.parametrize(
    ("reason", "words"),
    [("", "camp on Sunday"), ("because", "camp on Sunday"), ("meeting", ""), ("meeting", "x"), ("meeting", "y" * 300),
     ("meeting", "Ravi was absent"), ("meeting", "रवि नहीं आए"), ("meeting", "call 98765 43210 too"),
     ("meeting", "१२३४५६ पर")],
)  # fmt: skip
def test_without_a_good_reason_it_stays_closed(bilal, callable_ravi, watch, reason, words):
    seen = watch()
    with pytest.raises(BadInput):
        open_it(bilal, callable_ravi.person, reason=reason, words=words)
    assert seen.nothing_happened()
    assert not PersonalRead.objects.filter(columns__contains="ContactPoint.cipher").exists()


def test_who_did_not_agree_to_calls_is_not_called(bilal, ravi, agree, watch):
    agree(ravi, "organise")
    seen = watch()
    with pytest.raises(NotAllowed):
        open_it(bilal, ravi.person)
    assert seen.nothing_happened()


def test_who_wants_the_app_only_is_not_called(bilal, callable_ravi, watch):
    persons.correct_person(actor=cast.SYSTEM, person=callable_ravi.person, now=timezone.now(), contact_preference="app")
    seen = watch()
    with pytest.raises(NotAllowed):
        open_it(bilal, callable_ravi.person)
    assert seen.nothing_happened()


def test_women_callers_only(asha, bilal, tree, agree, watch):
    kamla = cast.CastMember(
        cast.add_person("Kamla Bai", "+911000000077", home=tree.booth, contact_preference="women", gender="female"), ""
    )
    agree(kamla, "organise", "calls")
    seen = watch()
    with pytest.raises(NotAllowed):
        open_it(bilal, kamla.person)
    assert seen.nothing_happened()
    persons.correct_person(actor=cast.SYSTEM, person=asha.person, now=timezone.now(), gender="female")
    assert open_it(asha, kamla.person) == "+91 10000 00077"


def test_the_second_proof_and_ones_own_charge(bilal, dev, chitra, callable_ravi, watch):
    seen = watch()
    with pytest.raises(NeedsSecondFactor):
        open_it(bilal, callable_ravi.person, actor=bilal.acting(second_factor=False))
    for stranger in (dev, chitra):
        with pytest.raises(NotFound):
            open_it(stranger, callable_ravi.person)
    assert seen.nothing_happened()


def test_forty_in_a_day_and_no_more(bilal, callable_ravi, watch):
    for _n in range(people.REVEALS_PER_DAY - 1):
        audit.note_read(
            bilal.actor, person_id=callable_ravi.person.pk, columns=["ContactPoint.cipher"], reason="task: x"
        )
    open_it(bilal, callable_ravi.person)
    seen = watch()
    with pytest.raises(LimitReached):
        open_it(bilal, callable_ravi.person)
    assert seen.nothing_happened()


def test_the_person_sees_who_looked_and_why(bilal, callable_ravi):
    open_it(bilal, callable_ravi.person, words="the camp on Sunday")
    page = callable_ravi.client.get(reverse("volunteer:my_data")).text
    assert "District coordinator, Bhilwara" in page
    assert "To call them to a meeting or a camp" in page
    assert "the camp on Sunday" in page
    hindi = callable_ravi.browser(second_factor=True, language="hi").get(reverse("volunteer:my_data")).text
    assert "To call them" not in hindi


def test_the_page_asks_first_and_shows_once(bilal, callable_ravi):
    address = reverse("consent:reveal", args=[callable_ravi.person.ref])
    first = bilal.client.get(address)
    assert "00006" not in first.text.replace(" ", "")
    wrong = bilal.client.post(address, {"reason": "meeting", "words": "Ravi"})
    assert wrong.status_code == 422
    assert "10000 00006" not in wrong.text
    shown = bilal.client.post(address, {"reason": "meeting", "words": "camp on Sunday"})
    assert "+91 10000 00006" in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    assert "10000 00006" not in bilal.client.get(address).text
