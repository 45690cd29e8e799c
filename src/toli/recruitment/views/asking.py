"""What the pages of this room share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.views.decorators.http import require_http_methods

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.ui.pages import ActedRequest

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def holder_of(request: HttpRequest) -> Any:
    return getattr(request, "holder", None)


def desk_actor(request: ActedRequest) -> Actor:
    """The actor of a desk page. Raises NotFound for whoever has no such door."""
    actor = request.actor
    if not access.may_anywhere(actor, "recruitment.view"):
        raise NotFound
    return actor


@cache
def read_static(name: str) -> str:
    """The text of one of our static files."""
    path = finders.find(name)
    assert isinstance(path, str), name
    with open(path, encoding="utf-8") as file:
        return file.read()


def version_of(names: Iterable[str]) -> str:
    """Changes with every change of these files."""
    return hashlib.sha256("".join(read_static(name) for name in names).encode()).hexdigest()[:12]
