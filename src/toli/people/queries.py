"""Reads of persons. Personal columns are read here and nowhere else; opening a number is recorded."""

from collections.abc import Iterable
from collections.abc import Iterable
from datetime import datetime, timedelta

from toli.audit import services as audit
from toli.kit import phone, secrets
from toli.kit.actor import Actor
from toli.people.models import ContactPoint, Person

CONTACT_CONTEXT = "phone"


def number_index(e164: str) -> bytes:
    """The blind index of a number."""
    return secrets.blind_index(e164)


def number_index_of(person: Person) -> bytes:
    """The blind index of the person's live number; empty when there is none."""
    point = live_contact(person)
    return bytes(point.index) if point else b""


def live_contact(person: Person) -> ContactPoint | None:
    return ContactPoint.objects.filter(person=person, kind="phone", valid_to=None).first()


def masked_number(person: Person) -> str:
    """ "•••••••210", or nothing; opens no cipher."""
    point = live_contact(person)
    return "•" * 7 + point.last_digits if point else ""


def open_number(*, actor: Actor, person: Person, reason: str) -> str | None:
    """The person's number in full, and a row that says who saw it and why. The caller has checked the right."""
    point = live_contact(person)
    if point is None:
        return None
    audit.note_read(actor, person_id=person.pk, columns=["ContactPoint.cipher"], reason=reason)
    return phone.show(secrets.decrypt(point.cipher, point.key_version, context=CONTACT_CONTEXT))


def is_verified(person: Person, *, now: datetime, days: int = 180) -> bool:
    """True when the number was proved by the person within `days` and no duplicate flag is open."""
    point = live_contact(person)
    proved = point is not None and point.verified_at is not None and point.verified_at > now - timedelta(days=days)
    return proved and not person.duplicate_flag


def given_names(person_ids: Iterable[int]) -> dict[int, str]:
    """The first word of each person's name, by id: what a roster shows beside the seat. No surname."""
    rows = Person.objects.filter(pk__in=set(person_ids), state=Person.State.ACTIVE).values_list("pk", "name")
    return {pk: name.split()[0] for pk, name in rows if name.split()}
