"""Batches of invitations in one's charge, and the invitation a link names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from toli.elections import queries as elections
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.kit.text import clean
from toli.org import access, paths
from toli.org.importing.cells import bare
from toli.org.importing.journal import digest_of
from toli.org.importing.own import split_key
from toli.org.models import Unit, UnitCode
from toli.recruitment import inviting
from toli.recruitment.models import Drive, Invitation, InvitationBatch

RIGHT = "recruitment.manage"


def batches(actor: Actor, drive: Drive) -> QuerySet[InvitationBatch]:
    """The batches of a drive that lie in my charge, newest first."""
    rows = InvitationBatch.objects.select_related("unit").filter(
        access.visible(actor, RIGHT).q("unit__path"), drive=drive
    )
    return rows.order_by("-declared_at", "-id")


def get_batch(*, actor: Actor, ref: UUID, lock: bool = False) -> InvitationBatch:
    """A batch in my charge. Raises NotFound."""
    rows = InvitationBatch.objects.select_related("drive__scope", "unit").filter(
        access.visible(actor, RIGHT).q("unit__path"), ref=ref
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def batch_units(actor: Actor, drive: Drive) -> QuerySet[Unit]:
    """The units a batch can be for: the drive's own and, below it, those down to the block, in my charge."""
    lo, hi = paths.subtree(drive.scope.path)
    rows = Unit.objects.select_related("level").filter(
        access.visible(actor, RIGHT).q("path"), path__gte=lo, path__lt=hi
    )
    levels = Q(pk=drive.scope_id) | Q(level__key__in=("division", "district", "constituency", "block"))
    return rows.filter(levels, active=True).order_by("level__rank", "path")


def get_batch_unit(*, actor: Actor, drive: Drive, ref: UUID) -> Unit:
    """One of the units a batch can be for. Raises NotFound."""
    found = batch_units(actor, drive).filter(ref=ref).first()
    if found is None:
        raise NotFound
    return found


def broken_off(*, raw: bytes, key: str) -> InvitationBatch | None:
    """The import of this very file into a drive, asked for at a terminal, that was broken off."""
    drive = Drive.objects.filter(key=key).first()
    digest = digest_of(raw, key, drive.scope_id) if drive else ""
    states = ["checking", "checked", "loading", "failed"]
    rows = InvitationBatch.objects.filter(digest=digest, on_desk=False, state__in=states)
    return rows.order_by("-id").first()


@dataclass(frozen=True, slots=True)
class Standing:
    """How many invitations of a batch were made, sent, and answered by an application."""

    made: int
    sent: int
    answered: int

    @property
    def free(self) -> int:
        return self.made - self.sent


def standing(batch: InvitationBatch) -> Standing:
    rows = Invitation.objects.filter(batch=batch)
    found = rows.aggregate(
        made=Count("id"), sent=Count("id", filter=Q(sent_at__isnull=False) | Q(application__isnull=False)),
        answered=Count("id", filter=Q(application__isnull=False)),
    )  # fmt: skip
    return Standing(**found)


def sent_lines(batch: InvitationBatch, limit: int) -> list[Invitation]:
    """The first invitations that can no longer be taken back, in the order of the file."""
    rows = Invitation.objects.select_related("unit", "invitee").filter(batch=batch)
    return list(rows.filter(Q(sent_at__isnull=False) | Q(application__isnull=False)).order_by("line")[:limit])


def get_invitation(*, token: str) -> Invitation:
    """The invitation of a link, until its number is erased. Raises NotFound for any other link."""
    number = inviting.id_of(token)
    rows = Invitation.objects.select_related("batch__drive__scope__level", "unit__level", "invitee")
    found = rows.filter(pk=number, invitee__erased_at=None).first() if number is not None else None
    if found is None:
        raise NotFound
    return found


class UnitNames:
    """Units inside one by code or by name; the names are read once, when the first row asks for one."""

    def __init__(self, top: Unit) -> None:
        self.top = top
        self._names: dict[str, set[int]] | None = None
        self._known: dict[str, int | str] = {"": top.pk}

    def find(self, text: str) -> int | str:
        """The id, or the reason why there is none."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._by_code(text) if ":" in text else self._by_name(bare(text))
        return found

    def _by_code(self, key: str) -> int | str:
        scheme, value = split_key(key)
        lo, hi = paths.subtree(self.top.path)
        rows = UnitCode.objects.filter(scheme=scheme, value=value, valid_to=None, unit__path__gte=lo, unit__path__lt=hi)
        return rows.values_list("unit_id", flat=True).first() or "unknown_unit"

    def _by_name(self, name: str) -> int | str:
        if self._names is None:
            self._names = self._read()
        found = self._names.get(name, set())
        return next(iter(found)) if len(found) == 1 else "unclear_unit" if found else "unknown_unit"

    def _read(self) -> dict[str, set[int]]:
        lo, hi = paths.subtree(self.top.path)
        names: dict[str, set[int]] = {}
        rows = Unit.objects.filter(path__gte=lo, path__lt=hi, active=True).values_list("id", "names", "aliases")
        for pk, texts, aliases in rows.iterator(chunk_size=10_000):
            for text in {bare(clean(one)) for one in (*texts.values(), *aliases)}:
                names.setdefault(text, set()).add(pk)
        return names


def units_of_law(unit_ids: Iterable[int], *, now: datetime) -> dict[int, int | None]:
    """The constituency whose silence holds for an invitation to each unit; units where it is silent now are left out.

    A unit above a constituency has the one of its constituencies that falls silent first; None where there is none.
    """
    windows = elections.load_windows(now=now)
    found: dict[int, int | None] = {}
    for unit in Unit.objects.select_related("level").filter(pk__in=set(unit_ids)):
        below = elections.constituency_ids_for(unit)
        if not windows.silent_units(now).isdisjoint(below):
            continue
        ahead = [(one.window.starts, pk) for pk in below for one in windows.of(pk) if one.window.starts > now]
        found[unit.pk] = min(ahead)[1] if ahead else (below[0] if below else None)
    return found
