"""While somebody sees the pages as another seat, nothing personal is shown: asked wherever such a value is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ON: ContextVar[bool] = ContextVar("toli_masking", default=False)
HIDDEN = "•••"


def is_on() -> bool:
    """True while personal values of this request must not be shown."""
    return _ON.get()


@contextmanager
def nothing_personal() -> Iterator[None]:
    """Inside it every name, number and free word of a person reads as hidden."""
    token = _ON.set(True)
    try:
        yield
    finally:
        _ON.reset(token)
