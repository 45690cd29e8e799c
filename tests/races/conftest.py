"""A seeded home and a whole stack on it, for what only shows with real processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.config.conftest import empty, folder, home, made, seed  # noqa: F401 - fixtures
from tests.races.stack import Stack


@pytest.fixture
def stack(home) -> Iterator[Callable[..., Stack]]:  # noqa: F811
    """Starts a stack on the home of this test and ends it."""
    begun: list[Stack] = []

    def begin(*names: str, **env: str) -> Stack:
        begun.append(Stack(home, *names, **env))
        return begun[-1].ready()

    yield begin
    for one in begun:
        one.end()
