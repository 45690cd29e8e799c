"""Sealed at once, erased when the law lets it and nowhere kept after; a hold stops it; the proof stays."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from tests import cast

from toli.audit import queries as audit_queries
from toli.audit import services as audit
from toli.audit.models import Record
from toli.consent import services
from toli.consent.jobs import erase_words
from toli.consent.queries import data
from toli.delivery import services as delivery
from toli.kit import secrets
from toli.kit.errors import BadInput, NeedsSecondFactor, NotAllowed, NotFound, WrongState
from toli.org import services as org
from toli.people import queries as people
from toli.people import services as persons
from toli.people.models import ContactPoint, Erasure, Hold, Person

YEAR = timedelta(days=366)
NAME, NUMBER = "Zubeida Qureshwala", "+911000000088"


@pytest.fixture
def zubeida(tree, agree):
    person = cast.add_person(
        NAME, NUMBER, home=tree.booth, birth_year=1987, place_text="Qureshwala Mohalla", pin_code="311876"
    )
    member = cast.CastMember(person, NUMBER)
    agree(member, "organise", "sms", "calls")
    return member


def seal(asha, member, words="asked at the desk"):
    return services.seal_for(actor=asha.actor, ref=member.person.ref, words=words, now=timezone.now())


def erase(now):
    persons.purge_due(actor=cast.SYSTEM, now=now)
    erase_words(list(Record.objects.filter(verb="people.purged").values_list("id", flat=True)))


def dump() -> dict[str, str]:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        tables = [row[0] for row in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" t")
            found[table] = cursor.fetchone()[0]
    return found


def tables_with(value: str) -> set[str]:
    return {table for table, text in dump().items() if value.lower() in text.lower()}


def test_an_erasure_leaves_no_value_in_any_table(asha, bilal, zubeida, tree):
    now = timezone.now()
    cast.put_on_seat(zubeida.person, cast.add_seat(tree.booth, "booth_team", "booth_youth"))
    double = cast.add_person("ज़ुबैदा क़ुरैशवाला", "+911000000089", home=tree.booth)
    org.find_duplicates(now=now)
    org.merge_persons(
        actor=bilal.actor, kept_ref=zubeida.person.ref, gone_ref=double.ref, take={"name": "gone"}, now=now
    )
    services.reveal_number(
        actor=bilal.actor, person_ref=zubeida.person.ref, reason="task", words="the wall at the school", now=now
    )
    services.file_grievance(
        actor=zubeida.actor, kind="other", words="Qureshwala lane is never asked", about_ref=None, now=now
    )
    delivery.queue(template="task", person=zubeida.person, key="t1", params={"until": "today", "link": "/me/"}, now=now)
    point = ContactPoint.objects.get(person=zubeida.person, valid_to=None)
    values = {
        "Qureshwala", "क़ुरैशवाला", NUMBER, "1000000088", "1000000089", "311876", bytes(point.index).hex(),
        bytes(point.cipher).hex(), people.number_index("+911000000089").hex(),
    }  # fmt: skip
    before = {value: tables_with(value) for value in values}
    assert before["Qureshwala"]
    assert before[bytes(point.index).hex()] >= {"people_contactpoint", "accounts_login"}
    seal(asha, zubeida)
    erase(now + YEAR)
    assert {value: tables_with(value) for value in values} == {value: set() for value in values}
    assert Person.objects.get(pk=zubeida.person.pk).state == "purged"
    assert Person.objects.get(pk=double.pk).state == "purged"


def test_the_proof_says_what_when_and_by_which_rule_and_the_chain_still_verifies(asha, zubeida):
    now = timezone.now()
    seal(asha, zubeida)
    audit.seal()
    assert audit_queries.check_chain().is_whole
    erase(now + YEAR)
    audit.seal()
    chain = audit_queries.check_chain()
    assert chain.is_whole
    proof = Erasure.objects.get(person=zubeida.person)
    assert proof.rule == "year_over"
    assert {"Person.name", "ContactPoint.cipher", "Login.key"} <= set(proof.rows)
    page = asha.client.get(reverse("consent:erasure", args=[zubeida.person.ref]), {"check": "1"})
    assert page.status_code == 200
    assert "Person.name" in page.text
    assert "all" in page.text
    assert "records fit" in page.text
    public = cast.Client().get(reverse("consent:public_proof", args=[zubeida.person.ref]))
    assert public.status_code == 200
    assert "Person.name" not in public.text
    assert data.proof_of(Person.objects.get(pk=zubeida.person.pk), now=now).position is not None


def test_a_room_above_adds_its_part_to_the_proof(asha, zubeida):
    services.file_grievance(actor=zubeida.actor, kind="data", words="who saw this?", about_ref=None, now=timezone.now())
    seal(asha, zubeida)
    erase(timezone.now() + YEAR)
    assert Erasure.objects.get(person=zubeida.person).rows["Grievance.text_cipher"] == 1


def test_sealing_at_the_desk_ends_everything_at_once(asha, zubeida, tree):
    from toli.consent import queries as consent

    held = cast.put_on_seat(zubeida.person, cast.add_seat(tree.booth, "booth_team", "booth_youth"))
    client = zubeida.client
    assert client.get("/me/").status_code == 200
    seal(asha, zubeida)
    held.refresh_from_db()
    assert held.state == "ended"
    assert not consent.may_contact(zubeida.person.pk, "organise", "app", timezone.now())
    assert client.get("/me/").status_code == 302
    assert asha.client.get(reverse("org:person", args=[zubeida.person.ref])).status_code == 404


@pytest.mark.parametrize("who", ["bilal", "chitra", "dev", "meera"])
def test_only_the_state_seals(who, request, zubeida, watch):
    member = request.getfixturevalue(who)
    seen = watch()
    with pytest.raises(NotFound):
        seal(member, zubeida)
    assert seen.nothing_happened()
    assert Person.objects.get(pk=zubeida.person.pk).state == "active"


def test_sealing_needs_the_second_proof_and_words_without_a_name(asha, zubeida, watch):
    seen = watch()
    with pytest.raises(NeedsSecondFactor):
        services.seal_for(
            actor=asha.acting(second_factor=False), ref=zubeida.person.ref, words="asked", now=timezone.now()
        )
    for words in ("", "Zubeida asked"):
        with pytest.raises(BadInput):
            seal(asha, zubeida, words)
    assert seen.nothing_happened()


def test_a_hold_stops_the_erasure_with_a_sentence_and_lifting_it_lets_it_happen(asha, zubeida, watch):
    now = timezone.now()
    hold = services.set_hold(
        actor=asha.actor, ref=zubeida.person.ref, words="case 12 of 2026, high court", until=now + 3 * YEAR, now=now
    )
    seal(asha, zubeida)
    late = now + YEAR
    seen = watch()
    assert persons.purge_due(actor=cast.SYSTEM, now=late) == 0
    with pytest.raises(WrongState) as refusal:
        services.erase_now(actor=asha.actor, ref=zubeida.person.ref, now=late)
    assert "case 12 of 2026, high court" in str(refusal.value)
    assert seen.nothing_happened()
    assert Person.objects.get(pk=zubeida.person.pk).name == NAME
    services.lift_hold(actor=asha.actor, ref=hold.ref, now=late)
    assert persons.purge_due(actor=cast.SYSTEM, now=late) == 1


def test_a_hold_on_either_of_two_joined_entries_keeps_both(asha, bilal, zubeida, tree):
    now = timezone.now()
    double = cast.add_person("Zubaida Qureshwala", "+911000000089", home=tree.booth)
    services.set_hold(actor=asha.actor, ref=double.ref, words="a case", until=now + 3 * YEAR, now=now)
    org.merge_persons(actor=bilal.actor, kept_ref=zubeida.person.ref, gone_ref=double.ref, take={}, now=now)
    assert Hold.objects.get().person_id == zubeida.person.pk
    persons.purge_due(actor=cast.SYSTEM, now=now + timedelta(days=40))
    assert Person.objects.get(pk=double.pk).name == "Zubaida Qureshwala"


def test_nothing_is_erased_before_its_day(asha, zubeida, watch):
    seal(asha, zubeida)
    seen = watch()
    with pytest.raises(WrongState):
        services.erase_now(actor=asha.actor, ref=zubeida.person.ref, now=timezone.now() + timedelta(days=300))
    assert seen.nothing_happened()


def test_a_number_used_by_a_family_stays_for_the_others(asha, zubeida, tree):
    from toli.accounts import services as accounts

    other = accounts.add_holder(
        actor=cast.SYSTEM, login_id=zubeida.person.holder.login_id, initial="R", now=timezone.now()
    )
    persons.create_person(
        actor=cast.SYSTEM, holder=other, number=NUMBER, name="Rukhsar Bano", birth_year=1999, now=timezone.now()
    )
    seal(asha, zubeida)
    erase(timezone.now() + YEAR)
    other.login.refresh_from_db()
    assert not other.login.key.startswith("erased")
    assert ContactPoint.objects.filter(person__holder=other).exists()
    assert not tables_with("Qureshwala")


def test_an_officer_corrects_with_a_reason_and_not_who_may_call(bilal, dev, zubeida, watch):
    now = timezone.now()
    services.correct_for(
        actor=bilal.actor, ref=zubeida.person.ref, changes={"birth_year": 1988}, words="typed wrong", now=now
    )
    assert Person.objects.get(pk=zubeida.person.pk).birth_year == 1988
    assert Record.objects.get(verb="people.corrected").data == {"columns": ["birth_year"], "reason": "typed wrong"}
    seen = watch()
    with pytest.raises(NotAllowed):
        services.correct_for(
            actor=bilal.actor, ref=zubeida.person.ref, changes={"contact_preference": "any"}, words="asked so", now=now
        )
    with pytest.raises(NotFound):
        services.correct_for(
            actor=dev.actor, ref=zubeida.person.ref, changes={"birth_year": 1980}, words="typed wrong", now=now
        )
    assert seen.nothing_happened()


def test_a_copy_for_the_person_holds_no_complaint(asha, zubeida):
    now = timezone.now()
    services.file_grievance(actor=zubeida.actor, kind="harassment", words="he follows me", about_ref=None, now=now)
    page = asha.client.post(reverse("consent:copy", args=[zubeida.person.ref]), {"words": "asked at the camp"})
    assert page.status_code == 200
    assert NAME in page.text
    assert "follows" not in page.text
    assert "complaint" not in page.text
    own = zubeida.client.get(reverse("volunteer:download"))
    assert "follows" in own.text


def test_the_pages_say_why_they_refuse(asha, zubeida):
    address = reverse("consent:seal", args=[zubeida.person.ref])
    wrong = asha.client.post(address, {"words": "Zubeida"})
    assert wrong.status_code == 422
    assert asha.client.post(address, {"words": "asked at the desk"}).status_code == 302
    shown = asha.client.get(reverse("consent:erasures"))
    assert str(zubeida.person.ref) in shown.text
    assert NAME not in shown.text
    early = asha.client.post(reverse("consent:erase", args=[zubeida.person.ref]))
    assert early.status_code == 409
    assert secrets.keyring().active
