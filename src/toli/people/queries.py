"""Reads of persons. Personal columns are read here and nowhere else; opening a number is recorded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from toli.audit import queries as audit_queries
from toli.audit import services as audit
from toli.kit import phone, secrets
from toli.kit.actor import Actor
from toli.kit.errors import LimitReached, NotAllowed
from toli.people.models import ContactPoint, NameKey, Person

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


REVEALS_PER_DAY = 40


def check_reveal_allowed(*, actor: Actor, person: Person, now: datetime) -> None:
    """Raise NotAllowed against the person's contact preference, LimitReached after 40 numbers in 24 hours."""
    preference = Person.ContactPreference(person.contact_preference)
    if preference == Person.ContactPreference.APP:
        raise NotAllowed(_("This person wants messages in the app only. Their number stays closed."))
    if preference == Person.ContactPreference.WOMEN:
        caller = Person.objects.filter(pk=actor.person_id).values_list("gender", flat=True).first()
        if caller != Person.Gender.FEMALE:
            raise NotAllowed(_("This person takes calls from women only. Please ask a woman of your team."))
    if audit_queries.reveals_by(actor.person_id, since=now - timedelta(days=1)) >= REVEALS_PER_DAY:
        raise LimitReached(_("You have opened 40 numbers in 24 hours. More can be opened tomorrow."))


def is_verified(person: Person, *, now: datetime, days: int = 180) -> bool:
    """True when the number was proved by the person within `days` and no duplicate flag is open."""
    point = live_contact(person)
    proved = point is not None and point.verified_at is not None and point.verified_at > now - timedelta(days=days)
    return proved and not person.duplicate_flag


def given_names(person_ids: Iterable[int]) -> dict[int, str]:
    """The first word of each person's name, by id: what a roster shows beside the seat. No surname."""
    rows = Person.objects.filter(pk__in=set(person_ids), state=Person.State.ACTIVE).values_list("pk", "name")
    return {pk: name.split()[0] for pk, name in rows if name.split()}


def names_and_masks(actor: Actor, person_ids: Sequence[int], *, reason: str) -> dict[int, tuple[str, str]]:
    """Name and masked number by person id, and one row per person that says who saw the name and why."""
    rows = Person.objects.filter(pk__in=person_ids, state=Person.State.ACTIVE).values_list("pk", "name")
    points = ContactPoint.objects.filter(person__in=person_ids, kind="phone", valid_to=None)
    masks = {pk: "•" * 7 + digits for pk, digits in points.values_list("person_id", "last_digits")}
    audit.note_reads(actor, person_ids=list(person_ids), columns=["Person.name"], reason=reason)
    return {pk: (name, masks.get(pk, "")) for pk, name in rows}


@dataclass(frozen=True, slots=True)
class OwnData:
    """What is held about a person, for that person."""

    ref: UUID
    name: str
    birth_year: int | None
    gender: str
    languages: list[str]
    place_text: str
    pin_code: str
    skills: list[str]
    contact_preference: str
    contact_preference_text: str
    created_at: datetime
    number: str
    number_since: datetime | None
    number_verified_at: datetime | None


def own_data(person: Person) -> OwnData:
    """Everything in this room about the session's own person, the number masked. No read is noted: it is theirs."""
    row = Person.objects.get(pk=person.pk)
    point = live_contact(row)
    return OwnData(
        ref=row.ref,
        name=row.name,
        birth_year=row.birth_year,
        gender=row.get_gender_display() if row.gender else "",
        languages=row.languages,
        place_text=row.place_text,
        pin_code=row.pin_code,
        skills=row.skills,
        contact_preference=row.contact_preference,
        contact_preference_text=str(row.get_contact_preference_display()),
        created_at=row.created_at,
        number=masked_number(row),
        number_since=point.valid_from if point else None,
        number_verified_at=point.verified_at if point else None,
    )


def names_without_keys(*, after: int, limit: int) -> list[tuple[int, str]]:
    """Ids and names of active persons whose name has no keys yet, in order of id: for the machine alone."""
    keyed = NameKey.objects.filter(person=OuterRef("pk"))
    rows = Person.objects.filter(~Exists(keyed), state=Person.State.ACTIVE, pk__gt=after).exclude(name="")
    return list(rows.order_by("pk").values_list("pk", "name")[:limit])


MERGED_COLUMNS = (
    "name", "birth_year", "gender", "languages", "place_text", "pin_code", "skills", "contact_preference",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a person as the desk compares it with another: values, the number masked."""

    ref: UUID
    values: dict[str, str]
    number: str
    has_login: bool
    created_at: datetime


def entries(*, actor: Actor, persons: Sequence[Person], reason: str) -> list[Entry]:
    """Entries side by side, in the order given; who saw them and why is noted."""
    columns = [f"Person.{column}" for column in MERGED_COLUMNS]
    audit.note_reads(actor, person_ids=[p.pk for p in persons], columns=columns, reason=reason)
    return [
        Entry(p.ref, {c: _shown(p, c) for c in MERGED_COLUMNS}, masked_number(p), p.holder_id is not None, p.created_at)
        for p in persons
    ]


def _shown(person: Person, column: str) -> str:
    value = getattr(person, column)
    if column in ("gender", "contact_preference"):
        return str(getattr(person, f"get_{column}_display")()) if value else ""
    return ", ".join(value) if isinstance(value, list) else str(value or "")
