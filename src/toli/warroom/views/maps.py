"""Loading maps of units, and saying by hand what a file's areas are."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toli.accounts.sessions import limited
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.org import queries as org
from toli.org.models import Unit
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in
from toli.warroom import forms, queries, services
from toli.warroom.maps.reading import LARGEST_UPLOAD


def top_of(actor: Actor) -> Unit:
    """The highest unit whose maps the actor may load. Raises NotFound or NeedsSecondFactor."""
    tops = org.roots(actor, "org.shape")
    if not tops:
        raise NotFound()
    access.require(actor, "org.shape", tops[0])
    return tops[0]


@signed_in
@require_GET
def maps(request: ActedRequest) -> HttpResponse:
    """The maps there are, and the form for another."""
    return _maps_page(request, top_of(request.actor))


def _maps_page(request: ActedRequest, top: Unit, form: forms.MapForm | None = None, status: int = 200) -> HttpResponse:
    levels = queries.all_levels_below(top)
    return render(request, "warroom/maps.html", {
        "maps": queries.maps_of(request.actor), "top": top,
        "form": form or forms.MapForm(levels=levels, initial={"level": "district"}),
    }, status=status)  # fmt: skip


@signed_in
@require_POST
@limited("upload")
def load_map(request: ActedRequest) -> HttpResponse:
    actor = request.actor
    top = top_of(actor)
    form = forms.MapForm(request.POST, request.FILES, levels=queries.all_levels_below(top))
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            loaded = services.load_map(
                actor=actor, unit=top, level_key=form.cleaned_data["level"], source=file.name, now=timezone.now(),
                body=file.read(LARGEST_UPLOAD + 1), name_field=form.cleaned_data["name_field"], largest=LARGEST_UPLOAD,
            )  # fmt: skip
            messages.success(request, _loaded(loaded))
            return redirect("warroom:map", loaded.map.ref)
        except BadInput as error:
            add_refusal(form, error)
    return _maps_page(request, top, form, 422)


def _loaded(loaded: services.Loaded) -> str:
    words = _("The map is loaded: of %(areas)s areas %(matched)s are units.")
    return words % {"matched": loaded.matched, "areas": loaded.areas}


@signed_in
@require_GET
def map_report(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Which area is which unit, and what is left over on either side."""
    found = queries.get_map(actor=request.actor, ref=ref)
    if found.removed_at is not None:
        raise NotFound()
    areas, units = queries.unmatched(found)
    return render(request, "warroom/map.html", {
        "map": found, "areas": areas, "units": units, "shapes": queries.matched_shapes(found),
    })  # fmt: skip


@signed_in
@require_POST
def match_shape(request: ActedRequest, ref: UUID) -> HttpResponse:
    """An area shows this unit, or none where none is named."""
    words = request.POST.get("unit", "")
    try:
        unit_ref = UUID(words) if words else None
    except ValueError:
        raise NotFound() from None
    shape = services.match_shape(actor=request.actor, ref=ref, unit_ref=unit_ref)
    messages.success(request, _("Noted. The board shows it at once."))
    return redirect("warroom:map", shape.map.ref)


@signed_in
@require_POST
def remove_map(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.remove_map(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The map is gone. The board shows tiles instead."))
    return redirect("warroom:maps")
