"""Who acts: the one value every service takes. Built by `org` for a session, by jobs as `SystemActor`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Behalf:
    """For whom somebody acts: the giver's person and seat, and how that seat is called."""

    person_id: int
    seat_id: int | None = None
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grant:
    """Some rights over one subtree [path_lo, path_hi) and one wing; `wing_id` None means every wing."""

    rights: frozenset[str]
    path_lo: str
    path_hi: str
    wing_id: int | None = None
    behalf: Behalf | None = field(default=None, compare=False)
    """Set when the rights were given by somebody for a time."""

    def covers(self, right: str, path: str, wing_id: int | None = None) -> bool:
        """True when this grant gives the right on the unit with that path, for that wing."""
        if right not in self.rights or not self.path_lo <= path < self.path_hi:
            return False
        return self.wing_id is None or self.wing_id == wing_id


@runtime_checkable
class Actor(Protocol):
    """What a service may ask of the one who acts. No names and no numbers, only ids."""

    @property
    def person_id(self) -> int | None: ...
    @property
    def person_ref(self) -> UUID | None: ...
    @property
    def login_id(self) -> int | None: ...
    @property
    def seat_id(self) -> int | None: ...
    @property
    def seat_label(self) -> Mapping[str, str]: ...
    @property
    def on_behalf_of_id(self) -> int | None: ...
    @property
    def seen_as_id(self) -> int | None: ...
    @property
    def request_id(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def second_factor(self) -> bool: ...
    @property
    def is_system(self) -> bool: ...

    def grants(self) -> tuple[Grant, ...]: ...

    def behalf_at(self, path: str) -> Behalf | None:
        """For whom what was just asked for is done on a unit with that path; None: for oneself."""
        ...


@dataclass(frozen=True, slots=True)
class SystemActor:
    """The machine itself: jobs, ticks, imports from the console. `request_id` names the job."""

    request_id: str = "system"
    language: str = "hi"
    person_id: int | None = None
    person_ref: UUID | None = None
    login_id: int | None = None
    seat_id: int | None = None
    seat_label: Mapping[str, str] = field(default_factory=lambda: {"hi": "टोली", "en": "Toli"})
    on_behalf_of_id: int | None = None
    seen_as_id: int | None = None
    second_factor: bool = True
    is_system: bool = True

    def grants(self) -> tuple[Grant, ...]:
        return ()

    def behalf_at(self, path: str) -> Behalf | None:
        return None
