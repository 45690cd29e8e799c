"""Writes of persons: joining, proving a number, correcting, sealing, purging, and erasing names others gave."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from toli.accounts.models import Holder
from toli.audit import services as audit
from toli.audit.services import UnitLike
from toli.kit import secrets
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, WrongState
from toli.kit.text import clean, fold
from toli.people import queries
from toli.people.models import ContactPoint, Invitee, Person
from toli.people.services.duplicates import forget_keys

MIN_AGE = 18
LONGEST_NAME = 120
LOGS_KEPT = timedelta(days=365)
"""Personal data and processing logs are kept a year from the processing, then erased: DPDP Rules 2025, rule 8(3)."""


def check_name(name: str) -> str:
    """The cleaned name. Raises BadInput when empty or longer than 120 characters."""
    name = clean(name)
    if not name:
        raise BadInput(fields={"name": _("Please write your name.")})
    if len(name) > LONGEST_NAME:
        raise BadInput(fields={"name": _("This name is too long. Please write at most 120 letters.")})
    return name


def check_birth_year(birth_year: int | None, *, now: datetime) -> int:
    """The year. Raises BadInput for anybody who may still be under 18 this year, or for no year at all."""
    this_year = local_day(now).year
    if birth_year is None or not 1900 <= birth_year <= this_year:
        raise BadInput(fields={"birth_year": _("Please write the year of your birth, such as 1998.")})
    if this_year - birth_year <= MIN_AGE:
        raise BadInput(
            fields={
                "birth_year": _(
                    "Toli is for people of 18 years and older. Nothing of what you typed was kept."
                    " Come back when you are 18."
                )
            }
        )
    return birth_year


@transaction.atomic
def create_person(
    *,
    actor: Actor,
    holder: Holder | None,
    number: str | None,
    name: str,
    birth_year: int | None,
    now: datetime,
    verified: bool = False,
    **details: object,
) -> Person:
    """Add a person from their own session, with the number they proved. Raises BadInput (under 18, no name)."""
    name = check_name(name)
    person = Person.objects.create(
        holder=holder,
        name=name,
        tokens=fold(name),
        birth_year=check_birth_year(birth_year, now=now),
        created_at=now,
        **details,
    )
    if number is not None:
        add_number(person=person, number=number, now=now, verified=verified)
    audit.record(actor, "people.joined", person)
    return person


def add_number(*, person: Person, number: str, now: datetime, verified: bool) -> ContactPoint:
    """Make this the person's live number; the old one ends. `number` is E.164."""
    ContactPoint.objects.filter(person=person, kind="phone", valid_to=None).update(valid_to=now)
    sealed = secrets.encrypt(number, context=queries.CONTACT_CONTEXT)
    return ContactPoint.objects.create(
        person=person, index=queries.number_index(number), cipher=sealed.cipher, key_version=sealed.key_version,
        last_digits=number[-3:], valid_from=now, verified_at=now if verified else None,
    )  # fmt: skip


@transaction.atomic
def correct_person(
    *, actor: Actor, person: Person, now: datetime, reason: str = "", unit: UnitLike | None = None, **changes: object
) -> Person:
    """Change what is kept about a person. The caller has checked who may. Raises BadInput."""
    person = Person.objects.select_for_update().get(pk=person.pk, state=Person.State.ACTIVE)
    columns = sorted(name for name, value in changes.items() if getattr(person, name) != value)
    if "name" in changes:
        person.name = check_name(str(changes.pop("name")))
        person.tokens = fold(person.name)
        forget_keys(person_ids=[person.pk])
    if "birth_year" in changes:
        person.birth_year = check_birth_year(changes.pop("birth_year"), now=now)  # type: ignore[arg-type]
    for column, value in changes.items():
        setattr(person, column, value)
    person.save()
    data = {"columns": columns, **({"reason": reason} if reason else {})}
    audit.record(actor, "people.corrected", person, unit=unit, data=data)
    return person


@transaction.atomic
def seal_person(*, actor: Actor, person: Person, now: datetime, reason: str = "") -> Person:
    """Stop every use of a person's data now; it is purged when the year of rule 8(3) and every hold are over."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.state != Person.State.ACTIVE:
        raise WrongState(_("This person's data is already sealed."))
    person.state, person.sealed_at, person.purge_after = Person.State.SEALED, now, now + LOGS_KEPT
    person.tokens = []
    person.save()
    forget_keys(person_ids=person.ids)
    audit.record(actor, "people.sealed", person, data={"reason": reason} if reason else {})
    return person


def invitee_became(*, invitee: Invitee, person: Person) -> None:
    """The invited number's owner is here: the name and number others gave are no longer needed."""
    Invitee.objects.filter(pk=invitee.pk).update(person=person)
    _wipe(Invitee.objects.filter(pk=invitee.pk))


WIPED = {"name": "", "index": None, "cipher": None, "key_version": None, "last_digits": ""}


def erase_invitees(*, invitees: QuerySet[Invitee], now: datetime) -> int:
    """Wipe names and numbers that others gave; how many. One statement, for half a million as for one."""
    return invitees.filter(erased_at=None).update(**WIPED, erased_at=now)


def drop_invitees(*, ids: Collection[int]) -> int:
    """Take back numbers that nothing was sent to and nothing points at; how many. Half a million take some seconds."""
    return Invitee.objects.filter(pk__in=list(ids), invited_at=None, person=None)._raw_delete("default")


def _wipe(rows: QuerySet[Invitee]) -> None:
    rows.update(**WIPED)


def set_proved(*, point_id: int, verified_at: datetime | None) -> None:
    """When a number was proved, as it stood before two entries were joined."""
    ContactPoint.objects.filter(pk=point_id).update(verified_at=verified_at)
