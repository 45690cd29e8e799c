"""Reads of persons. Personal columns are read here and nowhere else; opening a number is recorded."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from toli.audit import queries as audit_queries
from toli.audit import services as audit
from toli.kit import masking, phone, secrets
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, LimitReached
from toli.kit.text import ascii_digits, clean, matches
from toli.kit.text import words as text_words
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
    if masking.is_on():
        return masking.HIDDEN
    point = live_contact(person)
    return "•" * 7 + point.last_digits if point else ""


def open_number(*, actor: Actor, person: Person, reason: str) -> str | None:
    """The person's number in full, and a row that says who saw it and why. The caller has checked the right."""
    point = live_contact(person)
    if point is None or masking.is_on():
        return None
    audit.note_read(actor, person_id=person.pk, columns=["ContactPoint.cipher"], reason=reason)
    return phone.show(secrets.decrypt(point.cipher, point.key_version, context=CONTACT_CONTEXT))


REVEALS_PER_DAY = 40
REVEAL_REASONS = {
    "meeting": _("To call them to a meeting or a camp"),
    "task": _("About work they were given"),
    "seat": _("About a seat they hold or are offered"),
    "verify": _("To check who they are"),
    "help": _("They asked for help or to be called back"),
    "safety": _("Somebody's safety"),
}
READ_REASONS = {
    **REVEAL_REASONS,
    "list": _("In a list of people"),
    "person page": _("On your page at the desk"),
    "unit page": _("In the team of a unit"),
    "offer": _("While choosing somebody for a seat"),
    "duplicates": _("Looking for double entries"),
    "joined entries": _("Looking for double entries"),
    "compared two entries": _("Compared two entries that may both be yours"),
    "copy": _("Made a copy of your data, as you asked"),
    "correct": _("Corrected your data"),
    "complaint": _("Read your complaint"),
    "applicants": _("Among the applicants"),
    "call_back": _("Called you, drawn by lot, to ask whether you applied yourself"),
    "interview": _("For an interview with you"),
}
LONGEST_REASON = 200
_A_NUMBER = re.compile(r"\d[\d\s-]{4,}\d")


def check_reason(key: str, words: str, person: Person) -> str:
    """ "task: the banner at the school": what is kept beside a reading. Raises BadInput.

    The words outlive a purge, so they hold neither a number nor the person's name.
    """
    if key not in REVEAL_REASONS:
        raise BadInput(fields={"reason": _("Please choose a reason; it is kept, and the person sees it.")})
    return f"{key}: {check_words(words, person)}"


def check_words(words: str, person: Person) -> str:
    """Words that are kept with an act about a person. Raises BadInput for too few, a number or the person's name."""
    words = clean(words)
    if not 4 <= len(words) <= LONGEST_REASON:
        raise BadInput(fields={"words": _("Please write in a few words what it is about, at most 200 letters.")})
    if _A_NUMBER.search(ascii_digits(words)) or names_person(words, person):
        raise BadInput(fields={"words": _("Please write no name and no number here: these words are kept.")})
    return words


def names_person(words: str, person: Person) -> bool:
    """True when a word is one of the person's name, in any script."""
    return any(len(word) > 2 and matches(person.name, word) for word in text_words(words))


def is_woman(person_id: int | None) -> bool:
    return Person.objects.filter(pk=person_id, gender=Person.Gender.FEMALE).exists()


def check_reveal_share(*, actor: Actor, now: datetime) -> None:
    """Raise LimitReached after 40 numbers in 24 hours. The caller holds the actor's row, so that two count in turn."""
    if reveals_left(actor, now=now) <= 0:
        raise LimitReached(_("You have opened 40 numbers in 24 hours. More can be opened tomorrow."))


def reveals_left(actor: Actor, *, now: datetime) -> int:
    """How many numbers the actor may still open now."""
    return REVEALS_PER_DAY - audit_queries.reveals_by(actor.person_id, since=now - timedelta(days=1))


def is_verified(person: Person, *, now: datetime, days: int = 180) -> bool:
    """True when the number was proved by the person within `days` and no duplicate flag is open."""
    point = live_contact(person)
    proved = point is not None and point.verified_at is not None and point.verified_at > now - timedelta(days=days)
    return proved and not person.duplicate_flag


def given_names(person_ids: Iterable[int]) -> dict[int, str]:
    """The first word of each person's name, by id: what a roster shows beside the seat. No surname."""
    if masking.is_on():
        return dict.fromkeys(person_ids, masking.HIDDEN)
    rows = Person.objects.filter(pk__in=set(person_ids), state=Person.State.ACTIVE).values_list("pk", "name")
    return {pk: name.split()[0] for pk, name in rows if name.split()}


def names_and_masks(actor: Actor, person_ids: Sequence[int], *, reason: str) -> dict[int, tuple[str, str]]:
    """Name and masked number by person id, and one row per person that says who saw the name and why."""
    if masking.is_on():
        return dict.fromkeys(person_ids, (masking.HIDDEN, masking.HIDDEN))
    rows = Person.objects.filter(pk__in=person_ids, state=Person.State.ACTIVE).values_list("pk", "name")
    points = ContactPoint.objects.filter(person__in=person_ids, kind="phone", valid_to=None)
    masks = {pk: "•" * 7 + digits for pk, digits in points.values_list("person_id", "last_digits")}
    audit.note_reads(actor, person_ids=list(person_ids), columns=["Person.name"], reason=reason)
    return {pk: (name, masks.get(pk, "")) for pk, name in rows}


def languages_of(person_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """What each active person speaks, by id: for the machine alone, which looks for somebody who speaks it too."""
    rows = Person.objects.filter(pk__in=person_ids, state=Person.State.ACTIVE).values_list("pk", "languages")
    return {pk: frozenset(languages or ["hi"]) for pk, languages in rows}


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
    row = Person() if masking.is_on() else Person.objects.get(pk=person.pk)
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
    if masking.is_on():
        return masking.HIDDEN
    value = getattr(person, column)
    if column in ("gender", "contact_preference"):
        return str(getattr(person, f"get_{column}_display")()) if value else ""
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def number_joined_into(login_id: int) -> str:
    """The masked number of the person that an entry of this login was joined into; empty where there is none."""
    gone = Person.objects.select_related("merged_into").filter(
        holder__login_id=login_id, state=Person.State.MERGED, merged_into__state=Person.State.ACTIVE
    )
    found = gone.order_by("-pk").first()
    return masked_number(found.merged_into) if found and found.merged_into else ""


def holders_of(person: Person) -> list[int]:
    """The ways in of a person: their own, and those of the entries joined into theirs."""
    return list(Person.objects.filter(pk__in=person.ids, holder__isnull=False).values_list("holder_id", flat=True))


def values_for_correction(*, actor: Actor, person: Person) -> dict[str, Any]:
    """What an officer may correct, as it stands; who saw it is noted."""
    columns = ("name", "birth_year", "place_text", "pin_code")
    audit.note_read(actor, person_id=person.pk, columns=[f"Person.{c}" for c in columns], reason="correct")
    return {column: masking.HIDDEN if masking.is_on() else getattr(person, column) for column in columns}
