"""Where a backup is taken from and put back: the embedded server, started when it does not run, or an external one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from toli.config import env, postgres
from toli.config.launcher import lock
from toli.config.owner import connect_as_owner


def is_external(found: env.Environment) -> bool:
    return bool(found.database_url or found.owner_database_url)


def owner_address(found: env.Environment) -> str:
    socket = postgres.url(postgres.socket_folder(found.home), user=postgres.OWNER)
    return found.owner_database_url or found.database_url or socket


@contextmanager
def serving(found: env.Environment) -> Iterator[str]:
    """The owner's address of a server that answers. Raises ServerFault, CannotStart."""
    address = owner_address(found)
    if is_external(found) or postgres.servers_in(found.home / "postgres"):
        yield address
        return
    if not (found.home / "postgres" / "PG_VERSION").exists():
        raise postgres.ServerFault(f"There is no data in {found.home}. Name the right TOLI_HOME.")
    with running(found):
        yield address


@contextmanager
def running(found: env.Environment) -> Iterator[str]:
    """The embedded server for ourselves alone. Raises ServerFault, CannotStart when Toli runs from this home."""
    found.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    server = postgres.Server(found.home)
    with lock(found.home):
        server.start()
        try:
            yield owner_address(found)
        finally:
            server.stop()


def use_django(found: env.Environment) -> None:
    """Django on the owner's connection, with the keys that lie in place now."""
    os.environ["TOLI_HOME"] = str(found.home)
    connect_as_owner()
    import django

    django.setup()
