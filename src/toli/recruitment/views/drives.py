"""Calls to join on the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotFound
from toli.recruitment import queries, rules, services
from toli.recruitment.forms import DriveForm
from toli.recruitment.views.asking import desk_actor, get_or_post
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in


@require_safe
@signed_in
def drives(request: ActedRequest) -> HttpResponse:
    """The join pages that reach into my charge, with the address to pass on."""
    actor, now = desk_actor(request), timezone.now()
    mine = {unit.pk for unit in queries.drive_scopes(actor)}
    rows = [
        (
            drive,
            request.build_absolute_uri(reverse("recruitment:join", args=[drive.key])),
            rules.is_open(drive, now=now),
            drive.scope_id in mine,
        )
        for drive in queries.drives(actor)
    ]
    shown = {"rows": rows, "may_open": bool(mine), "line": queries.may_see_line(actor), "now": now}
    return render(request, "recruitment/drives.html", shown)


@get_or_post
@signed_in
def drive_new(request: ActedRequest) -> HttpResponse:
    """Open a call to join."""
    actor, now = desk_actor(request), timezone.now()
    units = queries.drive_scopes(actor)
    if not units:
        raise NotFound
    form = DriveForm(request.POST or None, units=units, wings=queries.all_wings(), initial={"opens_on": local_day(now)})
    if request.method == "POST" and form.is_valid():
        try:
            services.open_drive(actor=actor, **form.drive(now))
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The page to join is there. Pass its address on."))
            return redirect("recruitment:drives")
    return render(request, "recruitment/drive_new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@signed_in
def drive_close(request: ActedRequest, key: str) -> HttpResponse:
    services.close_drive(actor=desk_actor(request), key=key, now=timezone.now())
    messages.success(request, _("Closed. Nobody can apply any more; applications stay."))
    return redirect("recruitment:drives")
