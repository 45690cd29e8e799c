"""Two presses at the same moment."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone
from tests.recruitment.conftest import Applicant

from toli.accounts import queries as accounts
from toli.accounts.models import Draft
from toli.audit.models import Record
from toli.consent.models import ConsentEvent
from toli.kit.errors import NotFound
from toli.org.access import SessionActor
from toli.org.models import Membership
from toli.people.models import ContactPoint, Person
from toli.recruitment import services
from toli.recruitment.models import Application


@pytest.fixture
def proved(drive, answers):
    """A draft whose number is proved and which is not sent yet."""
    browser = Applicant()
    browser.fill(answers)
    from toli.accounts.models import LoginCode
    from toli.kit import secrets

    code = LoginCode.objects.latest("id")
    digits = secrets.decrypt(code.code_cipher, code.key_version, context="code")
    browser.client.post("/login/code/", {"code": digits})
    return Draft.objects.get()


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_write_one_of_everything(drive, proved):
    holder = accounts.active_holders(proved.login_id)[0]
    line, answers = Barrier(4), []

    def press() -> None:
        line.wait()
        try:
            found = services.join(
                actor=SessionActor(login_id=proved.login_id, request_id="race"), drive=drive, draft=proved.ref,
                login_id=proved.login_id, holder_id=holder.pk, language="hi", channel="web", session_key="s",
                now=timezone.now(),
            )  # fmt: skip
            answers.append(found.receipt)
        except NotFound:
            answers.append("sent already")
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers)[1:] == ["sent already"] * 3
    person = Person.objects.get(name="नीलम शर्मा")
    for rows, n in (
        (Application.objects.all(), 1),
        (ContactPoint.objects.filter(person=person), 1),
        (Membership.objects.filter(person=person), 1),
        (ConsentEvent.objects.filter(person=person), 2),
        (Record.objects.filter(actor_person_id=person.pk), 3),
    ):
        assert rows.count() == n, rows.model
