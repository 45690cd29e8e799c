"""Who may see and do what, and where. Permission is decided here, where a thing is fetched and where it is changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from toli.kit.actor import Actor, Behalf, Grant
from toli.kit.errors import NeedsSecondFactor, NotAllowed, NotFound
from toli.org.models import Unit
from toli.org.rights import RIGHTS, SENSITIVE


@dataclass(frozen=True, slots=True)
class SessionActor:
    """The person of a session, with what their seats grant at this moment."""

    person_id: int | None = None
    person_ref: UUID | None = None
    login_id: int | None = None
    seat_id: int | None = None
    seat_label: dict[str, str] = field(default_factory=dict)
    tier: str | None = None
    unit_id: int | None = None
    unit_path: str = ""
    on_behalf_of_id: int | None = None
    seen_as_id: int | None = None
    request_id: str = ""
    language: str = "hi"
    second_factor: bool = False
    is_system: bool = False
    held: tuple[Grant, ...] = ()
    asked: list[str] = field(default_factory=list, compare=False, repr=False)
    """The rights this actor was asked for; what a record says of "on behalf of" follows from them."""

    def grants(self) -> tuple[Grant, ...]:
        return self.held

    def behalf_at(self, path: str) -> Behalf | None:
        """The giver, when a right that was asked for holds on this unit (or, without one, anywhere) only as given."""
        if self.on_behalf_of_id is not None:
            return Behalf(self.on_behalf_of_id)
        for right in dict.fromkeys(self.asked):
            giving = [g.behalf for g in self.held if right in g.rights and (not path or g.path_lo <= path < g.path_hi)]
            if giving and None not in giving:
                return giving[0]
        return None


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a right holds: path ranges [lo, hi) with a wing (None: every wing), or everywhere."""

    areas: tuple[tuple[str, str, int | None], ...] = ()
    everywhere: bool = False

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.areas)

    @property
    def ranges(self) -> list[tuple[str, str]]:
        return [("", "~")] if self.everywhere else [(lo, hi) for lo, hi, _wing in self.areas]

    def holds(self, path: str) -> bool:
        """True when a unit with this path lies inside."""
        return self.everywhere or any(lo <= path < hi for lo, hi, _wing in self.areas)

    def q(self, path: str = "unit__path", wing: str | None = None) -> Q:
        """A filter on the column `path` (and on the id column `wing`, where rows have one). Nothing granted:
        nothing found.
        """
        if self.everywhere:
            return Q()
        found = Q(pk__in=[])
        for lo, hi, wing_id in self.areas:
            area = Q(**{f"{path}__gte": lo, f"{path}__lt": hi})
            if wing is not None and wing_id is not None:
                area &= Q(**{wing: wing_id})
            found |= area
        return found

    def sql(self, path: str) -> tuple[str, list[str]]:
        """The same as text with bound parameters, for named statements; `path` is a column written by us."""
        if self.everywhere:
            return "true", []
        if not self.areas:
            return "false", []
        clause = " OR ".join(f"({path} >= %s AND {path} < %s)" for _area in self.areas)
        return f"({clause})", [bound for lo, hi, _wing in self.areas for bound in (lo, hi)]


def _note(actor: Actor, right: str) -> None:
    assert right in RIGHTS, right
    if isinstance(actor, SessionActor):
        actor.asked.append(right)


def may(actor: Actor, right: str, unit: Unit, wing_id: int | None = None) -> bool:
    """True when a seat of the actor gives `right` on this unit (and wing); says nothing of a second factor."""
    _note(actor, right)
    if actor.is_system:
        return True
    return any(grant.covers(right, unit.path, wing_id) for grant in actor.grants())


def may_anywhere(actor: Actor, right: str) -> bool:
    """True when the actor has the right somewhere: whether to show the door, not whether it opens."""
    return actor.is_system or any(right in grant.rights for grant in actor.grants())


def require(actor: Actor, right: str, unit: Unit, wing_id: int | None = None) -> None:
    """Raise NotFound where the actor sees nothing of the unit, NotAllowed without the right, NeedsSecondFactor."""
    if not may(actor, right, unit, wing_id):
        raise NotAllowed() if is_visible(actor, unit) else NotFound()
    require_second_factor(actor, right)


def require_second_factor(actor: Actor, right: str) -> None:
    """Raise NeedsSecondFactor when the right is sensitive and this session has not shown one."""
    if right in SENSITIVE and not actor.second_factor:
        raise NeedsSecondFactor()


def is_visible(actor: Actor, unit: Unit) -> bool:
    """True when any seat of the actor looks after this unit."""
    return actor.is_system or any(grant.path_lo <= unit.path < grant.path_hi for grant in actor.grants())


def visible(actor: Actor, right: str, *, extra: Iterable[Grant] = ()) -> Scope:
    """Where `right` holds for the actor; what lists start from."""
    _note(actor, right)
    if actor.is_system:
        return Scope(everywhere=True)
    grants = (*actor.grants(), *extra)
    areas = {(g.path_lo, g.path_hi, g.wing_id) for g in grants if right in g.rights}
    return Scope(areas=tuple(sorted(areas, key=str)))
