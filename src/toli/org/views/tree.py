"""The whole tree on one page, opened by touch, by a link, or by a search."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from toli.kit.errors import NotFound
from toli.org import access, queries
from toli.org.shape_forms import TreeForm
from toli.ui.pages import ActedRequest, signed_in


@require_safe
@signed_in
def tree(request: ActedRequest) -> HttpResponse:
    """The tree with the way to one unit laid open; a search opens the way to its best answer."""
    asked = _asked(request)
    found: list[Any] = []
    opened = None
    if asked["q"]:
        found = queries.find_in_tree(request.actor, asked["q"], asked["h"], former=asked["former"])
        opened = found[0] if found else None
    if asked["open"]:
        opened = queries.tree_unit(request.actor, asked["open"], asked["h"])
    nodes = queries.whole_tree(request.actor, asked["h"], opened=opened, former=asked["former"])
    context = {
        "nodes": nodes, "found": found, "opened": opened, "asked": asked, "filter_form": _form(asked),
        "may_shape": access.may_anywhere(request.actor, "org.shape"),
    }  # fmt: skip
    return render(request, "org/tree.html", context)


@require_safe
@signed_in
def below(request: ActedRequest, ref: UUID) -> HttpResponse:
    """What lies below one unit: the piece that a touch asks for."""
    asked = _asked(request)
    unit = queries.tree_unit(request.actor, ref, asked["h"])
    nodes = queries.tree_children(request.actor, [unit.pk], asked["h"], former=asked["former"])[unit.pk]
    return render(request, "org/_tree.html", {"nodes": nodes, "asked": asked})


def _asked(request: ActedRequest) -> dict[str, Any]:
    """What the address asks for; what it says wrongly counts as not said. Raises NotFound without any unit to see."""
    if not access.may_anywhere(request.actor, "org.view"):
        raise NotFound()
    form = TreeForm(request.GET)
    form.is_valid()
    clean = form.cleaned_data
    return {
        "q": clean.get("q") or "", "h": clean.get("h") or "org", "former": bool(clean.get("former")),
        "open": clean.get("open"),
    }  # fmt: skip


def _form(asked: dict[str, Any]) -> TreeForm:
    """The form as asked for, without the opened unit: a new search starts afresh."""
    form = TreeForm(initial=asked)
    del form.fields["open"]
    return form
