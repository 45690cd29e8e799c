"""The ledger: a yes from one's own session, a no as easy, and nothing is ever rewritten."""

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.utils import timezone
from tests.cast import SYSTEM

from toli.consent import queries, services
from toli.consent.models import ConsentEvent, Notice
from toli.kit.errors import BadInput, NotAllowed
from toli.org.models import Appointment

REFUSED = (ProgrammingError, InternalError)


def say_no(member, purpose):
    services.withdraw(actor=member.actor, person=member.person, purpose=purpose, now=timezone.now())


def test_a_yes_keeps_the_notice_its_version_the_language_and_the_session(chitra, notice, agree):
    agree(chitra, "organise", "sms")
    first = queries.ledger_of(chitra.person.pk)[0]
    assert (first.purpose, first.given, first.notice.version, first.language) == ("organise", True, 1, "hi")
    assert first.actor_person_id == chitra.person.pk
    assert first.session_digest
    assert first.session_digest != "s"


def test_nobody_agrees_for_somebody_else(asha, chitra, notice, watch):
    seen = watch()
    for actor in (asha.actor, SYSTEM):
        with pytest.raises(NotAllowed):
            services.give(
                actor=actor, person=chitra.person, notice=notice, language="hi", purposes=["sms"], session_key="",
                now=timezone.now(),
            )  # fmt: skip
        with pytest.raises(NotAllowed):
            services.withdraw(actor=actor, person=chitra.person, purpose="sms", now=timezone.now())
    assert ConsentEvent.objects.count() == 0
    assert seen.nothing_happened()


@pytest.mark.parametrize("purposes", [[], ["caste"], ["sms", "unknown"]])
def test_only_purposes_of_the_notice_can_be_agreed_to(chitra, agree, watch, purposes):
    seen = watch()
    with pytest.raises(BadInput):
        agree(chitra, *purposes)
    assert seen.nothing_happened()


def test_an_old_notice_is_not_agreed_to(chitra, notice, agree):
    services.publish_notice(
        actor=SYSTEM, texts=notice.texts, items=notice.items, purposes=notice.purposes, contact=notice.contact,
        now=timezone.now(),
    )  # fmt: skip
    notice.refresh_from_db()
    with pytest.raises(BadInput):
        agree(chitra, "sms")


def test_a_no_is_appended_and_the_yes_stays_as_proof(chitra, agree):
    agree(chitra, "sms")
    say_no(chitra, "sms")
    assert [(e.purpose, e.given) for e in queries.ledger_of(chitra.person.pk)] == [("sms", True), ("sms", False)]
    assert not queries.has_consent(chitra.person.pk, "sms")


def test_saying_no_twice_is_once(chitra, agree, watch):
    agree(chitra, "sms")
    say_no(chitra, "sms")
    seen = watch()
    say_no(chitra, "sms")
    assert seen.nothing_happened()


def test_saying_no_to_organise_ends_the_appointment_and_the_seat_is_vacant(chitra, agree, watch):
    agree(chitra, "organise")
    seen = watch()
    say_no(chitra, "organise")
    chitra.appointment.refresh_from_db()
    assert chitra.appointment.state == Appointment.State.ENDED
    assert not Appointment.objects.filter(seat=chitra.seat, state="accepted").exists()
    assert seen.verbs() == ["consent.withdrawn", "org.ended"]


def test_saying_no_to_sms_leaves_the_seat(chitra, agree):
    agree(chitra, "organise", "sms")
    say_no(chitra, "sms")
    chitra.appointment.refresh_from_db()
    assert chitra.appointment.state == Appointment.State.ACCEPTED


def test_everything_is_withdrawn_at_an_erasure(chitra, agree):
    agree(chitra, "organise", "sms", "news")
    assert services.withdraw_all(actor=chitra.actor, person=chitra.person, now=timezone.now()) == 3
    assert not any(mine.given for mine in queries.my_consents(chitra.person.pk))
    assert services.withdraw_all(actor=chitra.actor, person=chitra.person, now=timezone.now()) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent_consentevent SET given = NOT given",
        "DELETE FROM consent_consentevent",
        "UPDATE consent_notice SET texts = '{}'",
        "DELETE FROM consent_notice",
    ],
)
def test_the_database_refuses_to_change_the_ledger_and_the_notice(chitra, agree, statement):
    agree(chitra, "sms")
    with pytest.raises(REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert queries.has_consent(chitra.person.pk, "sms")


def test_the_ledger_blocks_truncation_by_a_trigger(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'consent_consentevent'::regclass AND (tgtype & 32) <> 0"
        )
        assert cursor.fetchone()[0] == 1


def test_a_new_notice_replaces_the_old_one_which_stays(notice):
    newer = services.publish_notice(
        actor=SYSTEM, texts=notice.texts, items=notice.items, purposes=notice.purposes, contact=notice.contact,
        now=timezone.now(),
    )  # fmt: skip
    assert (newer.version, queries.current_notice()) == (2, newer)
    assert Notice.objects.count() == 2


def test_people_are_made_up_only_in_a_demo(chitra, notice):
    from toli.kit.errors import WrongState

    with pytest.raises(WrongState):
        services.give_many(people_ids=[chitra.person.pk], purposes=["sms"], times=[timezone.now()], notice=notice)
    assert ConsentEvent.objects.count() == 0
