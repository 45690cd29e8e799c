"""Holds, and erasing for good with its proof. What the rooms above hold of a person they erase after the record."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.accounts import services as accounts
from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import WrongState
from toli.people.models import ContactPoint, Erasure, Hold, Invitee, NameKey, Person

DUE = (Person.State.SEALED, Person.State.MERGED)
EMPTY: dict[str, Any] = {
    "name": "", "tokens": [], "birth_year": None, "gender": "", "languages": [], "place_text": "", "pin_code": "",
    "skills": [],
}  # fmt: skip
A_YEAR_OVER = "year_over"
UNDO_OVER = "undo_over"


def add_hold(*, person: Person, reason: str, until: datetime, by_id: int | None, now: datetime) -> Hold:
    return Hold.objects.create(person=person, reason=reason, until=until, set_by_id=by_id, set_at=now)


def lift_hold(*, hold: Hold, by_id: int | None, now: datetime) -> None:
    hold.lifted_at, hold.lifted_by_id = now, by_id
    hold.save(update_fields=["lifted_at", "lifted_by_id"])


def purge_due(*, actor: Actor, now: datetime) -> int:
    """Erase every person whose time has come and whom no hold keeps, at most 500 at a time. Returns how many."""
    held = Hold.objects.filter(until__gt=now, lifted_at=None).values("person_id")
    due = Person.objects.filter(state__in=DUE, purge_after__lte=now).exclude(pk__in=held).order_by("purge_after")
    purged = 0
    for pk, into in list(due.values_list("pk", "merged_into_id")[:500]):
        with transaction.atomic():
            person = Person.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            kept = Hold.objects.filter(person_id__in=[pk, into], until__gt=now, lifted_at=None).exists()
            if person is not None and not kept and person.state in DUE:
                purge_person(actor=actor, person=person, now=now)
                purged += 1
    return purged


def purge_person(*, actor: Actor, person: Person, now: datetime) -> Person:
    """Erase one person's values, and those of every entry joined into theirs; the ids stay, with the proof.

    The caller holds the row. Raises WrongState before the time the law sets, and while a hold keeps it.
    """
    _check_due(person, now)
    entries = list(Person.objects.select_for_update(of=("self",)).filter(pk__in=person.ids).select_related("holder"))
    rows: Counter[str] = Counter()
    for entry in entries:
        rows.update(_wipe(entry))
    record_id = audit.record(actor, "people.purged", person, data={"columns": sorted(rows)})
    rule = UNDO_OVER if person.state == Person.State.MERGED else A_YEAR_OVER
    Erasure.objects.get_or_create(
        person=person,
        defaults={
            "rule": rule, "sealed_at": person.sealed_at, "erased_at": now, "rows": dict(rows), "record_id": record_id,
        },
    )  # fmt: skip
    person.refresh_from_db()
    return person


def _check_due(person: Person, now: datetime) -> None:
    if person.state not in DUE or person.purge_after is None:
        raise WrongState(_("This data is in use, or erased already. Nothing was changed."))
    hold = Hold.objects.filter(person_id__in=person.ids, until__gt=now, lifted_at=None).order_by("-until").first()
    if hold is not None:
        raise WrongState(
            _("A hold keeps this data until %(day)s: %(reason)s. Nothing was erased.")
            % {"day": local_day(hold.until).isoformat(), "reason": hold.reason}
        )
    if person.purge_after > now:
        day = local_day(person.purge_after).isoformat()
        raise WrongState(
            _("The law keeps this data until %(day)s (DPDP Rules 2025, rule 8). Nothing was erased.") % {"day": day}
        )


def _wipe(person: Person) -> dict[str, int]:
    """Empty one entry; how many rows of each column held something."""
    found = {f"Person.{column}": 1 for column, empty in EMPTY.items() if getattr(person, column) != empty}
    points = ContactPoint.objects.filter(person=person)
    for relation in ContactPoint._meta.related_objects:
        others = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": points})
        others.update(**{relation.field.name: None})
    found["ContactPoint.cipher"] = points.delete()[0]
    found["NameKey.key"] = NameKey.objects.filter(person=person).delete()[0]
    invited = Invitee.objects.filter(person=person)
    found["Invitee.name"] = invited.exclude(name="", cipher=None).count()
    invited.update(name="", index=None, cipher=None, key_version=None, last_digits="")
    if person.holder is not None:
        found |= accounts.forget_holder(holder_id=person.holder.pk)
    Person.objects.filter(pk=person.pk).update(
        **EMPTY, state=Person.State.PURGED, duplicate_flag=False,
        contact_preference=Person.ContactPreference.APP,
    )  # fmt: skip
    return {column: n for column, n in found.items() if n}


@transaction.atomic
def add_to_proof(*, person_ref: UUID, rows: Mapping[str, int]) -> None:
    """What a room above erased of a person, after the record of the purge; said twice it stands once."""
    erasure = Erasure.objects.select_for_update().filter(person__ref=person_ref).first()
    if erasure is not None:
        erasure.rows = {**erasure.rows, **{column: n for column, n in rows.items() if n}}
        erasure.save(update_fields=["rows"])
