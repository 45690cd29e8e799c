"""What every test may use: a real database on a private server, and a fixed cast of people."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# --- the database ---


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Migrate as the owner, grant the application's role its rights, let tables be emptied between tests."""
    from toli.config import grants

    with django_db_blocker.unblock():
        grants.apply()
        grants.unlock_for_tests()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of shared data; the test is skipped, or fails where it is required, when it is absent."""
    folder = Path(os.environ.get("TOLI_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not folder.is_dir():
        absent("shared", f"no shared data in {folder}")
    return folder


def absent(what: str, sentence: str) -> None:
    """Skip the test because `what` is not on this machine, or fail it when TOLI_REQUIRE says it must be."""
    if what in os.environ.get("TOLI_REQUIRE", "").split(","):
        pytest.fail(f"required but absent: {sentence}")
    pytest.skip(sentence)


# --- the cast ---
