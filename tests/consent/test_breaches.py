"""A breach: whom it touched, told without delay whatever they agreed to, the Board in 72 hours, two to close it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from tests import cast

from toli.audit.models import Record
from toli.consent import services
from toli.consent.models import Breach
from toli.consent.queries import breaches, may_contact
from toli.consent.rules import LEGAL
from toli.delivery import services as delivery
from toli.delivery.models import Message
from toli.kit.errors import BadInput, NeedsSecondFactor, NotAllowed, NotFound, WrongState
from toli.people import services as persons

PARTS = ("what", "where", "consequences", "measures", "advice", "cause")
TEXTS = {
    "hi": {part: f"{part} हिन्दी में" for part in PARTS},
    "en": {part: f"{part} in English" for part in PARTS},
}


def open_case(member, **more):
    now = timezone.now()
    values = {"texts": TEXTS, "data_kinds": ["name", "number"], "noticed_at": now, "began_at": None, "now": now} | more
    return services.open_breach(actor=member.actor, **values)


@pytest.fixture
def second(tree):
    return cast.cast_member("Sunita Verma", "+911000000041", tree.state, "state_team", "state_member")


def told(case) -> int:
    ids = list(Record.objects.filter(verb="consent.breach_told").values_list("id", flat=True))
    return delivery.tell_breach(record_ids=ids, now=timezone.now())


def test_everybody_at_home_in_a_unit_is_told_once_whatever_they_agreed_to(asha, ravi, chitra, dev, tree, notice):
    case = open_case(asha)
    added = services.add_persons(actor=asha.actor, ref=case.ref, unit_ref=tree.booth.ref, now=timezone.now())
    assert added == 2
    services.tell_persons(actor=asha.actor, ref=case.ref, now=timezone.now())
    assert told(case) == 2
    assert told(case) == 0
    assert set(Message.objects.values_list("person_id", "purpose")) == {
        (ravi.person.pk, LEGAL), (chitra.person.pk, LEGAL),
    }  # fmt: skip
    assert not may_contact(ravi.person.pk, "organise", "sms", timezone.now())
    assert may_contact(ravi.person.pk, LEGAL, "sms", timezone.now())


def test_a_legal_notice_passes_stop_and_preference_and_seal_but_not_a_purge(asha, ravi, notice, agree):
    now = timezone.now()
    agree(ravi, "organise", "sms")
    persons.correct_person(actor=cast.SYSTEM, person=ravi.person, now=now, contact_preference="app")
    services.stop_number(actor=cast.SYSTEM, number=ravi.number, now=now)
    assert may_contact(ravi.person.pk, LEGAL, "sms", now)
    assert not may_contact(ravi.person.pk, LEGAL, "call", now)
    services.seal_for(actor=asha.actor, ref=ravi.person.ref, words="asked for it", now=now)
    assert may_contact(ravi.person.pk, LEGAL, "sms", now)
    persons.purge_due(actor=cast.SYSTEM, now=now + timedelta(days=400))
    assert not may_contact(ravi.person.pk, LEGAL, "sms", now)


def test_it_really_goes_out_to_a_number_that_said_stop(asha, ravi, tree, notice):
    from toli.delivery import sending

    now = timezone.now()
    services.stop_number(actor=cast.SYSTEM, number=ravi.number, now=now)
    case = open_case(asha)
    services.add_persons(actor=asha.actor, ref=case.ref, everybody=True, now=now)
    services.tell_persons(actor=asha.actor, ref=case.ref, now=now)
    told(case)
    ready = sending.prepare(Message.objects.get(person=ravi.person), now=now)
    assert "/me/data/" in ready.out.text
    assert ready.out.to == ravi.number


def test_whatever_one_person_opened_in_a_time(asha, bilal, ravi, chitra, dev):
    from toli.audit import services as audit

    now = timezone.now()
    audit.note_read(bilal.actor, person_id=ravi.person.pk, columns=["Person.name"], reason="list")
    audit.note_read(dev.actor, person_id=chitra.person.pk, columns=["Person.name"], reason="list")
    case = open_case(asha)
    window = {"since": now - timedelta(hours=1), "until": now + timedelta(hours=1)}
    services.add_persons(actor=asha.actor, ref=case.ref, reader_ref=bilal.person.ref, now=now, **window)
    assert list(case.persons.values_list("person_id", flat=True)) == [ravi.person.pk]


def test_the_clocks(asha):
    noticed = timezone.now() - timedelta(hours=71)
    case = open_case(asha, noticed_at=noticed)
    terms = breaches.terms_of(case, now=timezone.now())
    assert terms.board_full.due == noticed + timedelta(hours=72)
    assert not terms.board_full.is_late
    assert terms.persons.over >= timedelta(hours=71)
    assert breaches.terms_of(case, now=noticed + timedelta(hours=73)).board_full.is_late
    assert "rule 7" in terms.source["en"]


def test_two_persons_close_it_and_not_before_all_were_told(asha, second, ravi, watch):
    now = timezone.now()
    case = open_case(asha)
    services.add_persons(actor=asha.actor, ref=case.ref, everybody=True, now=now)
    seen = watch()
    with pytest.raises(WrongState):
        services.propose_closing(actor=asha.actor, ref=case.ref, now=now)
    assert seen.nothing_happened()
    services.tell_persons(actor=asha.actor, ref=case.ref, now=now)
    services.note_board_told(actor=asha.actor, ref=case.ref, full=False, now=now)
    services.note_board_told(actor=asha.actor, ref=case.ref, full=True, now=now)
    services.propose_closing(actor=asha.actor, ref=case.ref, now=now)
    seen = watch()
    with pytest.raises(NotAllowed):
        services.confirm_closing(actor=asha.actor, ref=case.ref, now=now)
    assert seen.nothing_happened()
    with pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.filter(pk=case.pk).update(closed_by_id=asha.person.pk)
    services.confirm_closing(actor=second.actor, ref=case.ref, now=now)
    case.refresh_from_db()
    assert case.state == "closed"
    with pytest.raises(WrongState):
        services.add_persons(actor=asha.actor, ref=case.ref, everybody=True, now=now)


def test_every_step_is_recorded(asha, second, ravi):
    now = timezone.now()
    case = open_case(asha)
    services.add_persons(actor=asha.actor, ref=case.ref, everybody=True, now=now)
    services.tell_persons(actor=asha.actor, ref=case.ref, now=now)
    services.note_board_told(actor=asha.actor, ref=case.ref, full=False, now=now)
    services.note_board_told(actor=asha.actor, ref=case.ref, full=True, now=now)
    services.propose_closing(actor=asha.actor, ref=case.ref, now=now)
    services.confirm_closing(actor=second.actor, ref=case.ref, now=now)
    verbs = list(Record.objects.filter(target_ref=case.ref).order_by("id").values_list("verb", flat=True))
    assert verbs == [
        "consent.breach_opened", "consent.breach_persons_added", "consent.breach_told", "consent.breach_board_first",
        "consent.breach_board_full", "consent.breach_closing", "consent.breach_closed",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["bilal", "chitra", "dev", "meera", "ravi"])
def test_only_the_state_handles_it(who, request, asha, watch):
    case = open_case(asha)
    member = request.getfixturevalue(who)
    seen = watch()
    for act in (
        lambda: open_case(member),
        lambda: services.add_persons(actor=member.actor, ref=case.ref, everybody=True, now=timezone.now()),
        lambda: services.tell_persons(actor=member.actor, ref=case.ref, now=timezone.now()),
    ):
        with pytest.raises(NotFound):
            act()
    assert seen.nothing_happened()


def test_garbage_is_refused(asha, watch):
    now = timezone.now()
    seen = watch()
    with pytest.raises(NeedsSecondFactor):
        services.open_breach(
            actor=asha.acting(second_factor=False),
            texts=TEXTS,
            data_kinds=["name"],
            noticed_at=now,
            began_at=None,
            now=now,
        )
    for more in (
        {"data_kinds": []}, {"data_kinds": ["caste"]}, {"noticed_at": now + timedelta(days=1)},
        {"began_at": now + timedelta(hours=1)}, {"texts": {**TEXTS, "hi": {**TEXTS["hi"], "what": ""}}},
    ):  # fmt: skip
        with pytest.raises(BadInput):
            open_case(asha, **more)
    assert seen.nothing_happened()


def test_the_pages_from_opening_to_what_a_person_reads(asha, ravi, notice):
    now = timezone.localtime()
    form = {
        "noticed_at": now.strftime("%Y-%m-%dT%H:%M"), "data_kinds": ["name", "number"],
        **{f"{part}_{tag}": text for tag, parts in TEXTS.items() for part, text in parts.items()},
    }  # fmt: skip
    assert asha.client.post(reverse("consent:breach_new"), {}).status_code == 422
    assert asha.client.post(reverse("consent:breach_new"), form).status_code == 302
    case = Breach.objects.get()
    address = reverse("consent:breach_persons", args=[case.ref])
    assert asha.client.post(address, {"how": "unit", "address": "nonsense"}).status_code == 422
    assert asha.client.post(address, {"how": "everybody"}).status_code == 302
    page = asha.client.get(reverse("consent:breach", args=[case.ref]))
    assert "what हिन्दी में" in page.text
    asha.client.post(reverse("consent:breach_tell", args=[case.ref]))
    for name in ("volunteer:day", "volunteer:my_data"):
        assert "advice in English" in ravi.client.get(reverse(name)).text
    report = asha.client.get(reverse("consent:breach_report", args=[case.ref]))
    assert "Data Protection Board" in report.text
    assert "cause हिन्दी में" in report.text
