"""A tick: a small service the worker runs again and again. Rooms list theirs as `TICKS` in jobs.py."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tick:
    """`run` every `seconds` seconds. The runner takes an advisory lock by `name`, so one runs at a time."""

    name: str
    seconds: float
    run: Callable[[], object]

    def __post_init__(self) -> None:
        if self.seconds <= 0:
            raise ValueError(f"tick {self.name}: seconds must be above zero")
