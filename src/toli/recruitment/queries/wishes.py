"""The places a drive offers, as people wish for them: near their home, anywhere in a unit, found by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from toli.kit.errors import BadInput
from toli.org import paths
from toli.org import queries as org
from toli.org.models import Unit
from toli.recruitment.models import Drive, DrivePlace, Wish

ANYWHERE_LEVELS = ("district", "constituency", "block")
"""Where a person may say "anywhere in ...": smaller than a state, larger than a booth."""
MOST_PLACES = 60


@dataclass(frozen=True, slots=True)
class Wished:
    """One wish: a place of the drive, or any place inside `unit`. `code` is what forms and addresses carry."""

    unit: Unit
    place: DrivePlace | None = None

    @property
    def code(self) -> str:
        return f"p{self.place.ref}" if self.place else f"u{self.unit.ref}"


def offered_places(drive: Drive) -> QuerySet[DrivePlace]:
    """Every place of the drive that can be wished for."""
    rows = DrivePlace.objects.select_related("unit__level", "role", "team_kind", "wing")
    return rows.filter(drive=drive, withdrawn_at=None, capacity__gt=0)


def offers_places(drive: Drive) -> bool:
    return offered_places(drive).exists()


def read_wishes(drive: Drive, codes: Sequence[str]) -> list[Wished]:
    """The wishes these codes name, in their order, each once. Raises BadInput for what the drive does not offer."""
    codes = list(dict.fromkeys(code for code in codes if code))
    if len(codes) > drive.wishes:
        raise BadInput(_("At most %(n)s wishes. Please take one away first.") % {"n": drive.wishes})
    known = _known(drive, codes)
    if len(known) < len(codes):
        raise BadInput(_("A place you wished for is not offered any more. Please choose again."))
    return [known[code] for code in codes]


def readable_wishes(drive: Drive, codes: Sequence[str]) -> list[Wished]:
    """Those of the codes that can be read, for a page that is only shown."""
    codes = list(dict.fromkeys(codes))[: drive.wishes]
    known = _known(drive, codes)
    return [known[code] for code in codes if code in known]


def _known(drive: Drive, codes: Iterable[str]) -> dict[str, Wished]:
    refs = {kind: [ref for code in codes if code[:1] == kind and (ref := _ref(code[1:]))] for kind in "pu"}
    found: dict[str, Wished] = {}
    if refs["p"]:
        for place in offered_places(drive).filter(ref__in=refs["p"]):
            found[f"p{place.ref}"] = Wished(place.unit, place)
    if refs["u"]:
        units = Unit.objects.select_related("level").filter(ref__in=refs["u"], active=True)
        for unit in units.filter(level__key__in=ANYWHERE_LEVELS):
            if paths.is_within(unit.path, drive.scope.path):
                found[f"u{unit.ref}"] = Wished(unit)
    return found


def _ref(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def near_wishes(drive: Drive, place: Unit) -> list[Wished]:
    """What somebody who lives here is shown first: places of the units above and right below, then "anywhere in"."""
    home = org.org_home_for(place)
    if home is None:
        return []
    chain = paths.ancestors(home.path)
    lo, hi = paths.subtree(home.path)
    rows = offered_places(drive)
    near = rows.filter(unit_id__in=chain) | rows.filter(unit__path__gt=lo, unit__path__lt=hi)
    shown = [
        Wished(one.unit, one) for one in near.order_by("-unit__level__rank", "unit__path", "role_id")[:MOST_PLACES]
    ]
    wide = Unit.objects.select_related("level").filter(pk__in=chain, level__key__in=ANYWHERE_LEVELS)
    inside = [unit for unit in wide.order_by("level__rank") if paths.is_within(unit.path, drive.scope.path)]
    return shown + [Wished(unit) for unit in inside]


def wishes_found(drive: Drive, words: str) -> list[Wished]:
    """Places of the drive in units that answer these words, each unit's "anywhere" behind its places."""
    units = [unit for unit in org.search_units(words, limit=20) if paths.is_within(unit.path, drive.scope.path)]
    rows = offered_places(drive).filter(unit__in=units).order_by("unit__path", "role_id")
    shown = [Wished(one.unit, one) for one in rows[:MOST_PLACES]]
    return shown + [Wished(unit) for unit in units if unit.level.key in ANYWHERE_LEVELS]


def wishes_of(application_id: int) -> list[Wish]:
    rows = Wish.objects.select_related("place__unit__level", "place__role", "place__wing", "unit__level", "role")
    return list(rows.filter(application_id=application_id).order_by("rank"))
