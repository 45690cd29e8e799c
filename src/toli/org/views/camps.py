"""Camp passes on the desk."""

from __future__ import annotations

from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toli.accounts.queries import camp_token
from toli.kit.errors import BadInput, NotFound
from toli.org import access, queries, services
from toli.org.forms import CampForm
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in


@require_safe
@signed_in
def camps(request: ActedRequest) -> HttpResponse:
    """Passes of my area, with how many came in by each."""
    if not access.visible(request.actor, queries.help.CAMPS):
        raise NotFound
    tops = queries.roots(request.actor, queries.help.CAMPS)
    return render(request, "org/camps.html", {"rows": queries.camps(request.actor, now=timezone.now()), "tops": tops})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_camp(request: ActedRequest, ref: UUID) -> HttpResponse:
    """A pass for one unit."""
    unit = queries.get_unit(actor=request.actor, ref=ref, right="org.camps")
    form = CampForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            camp = services.open_camp(actor=request.actor, unit_ref=ref, now=timezone.now(), **form.cleaned_data)
            return redirect("org:camp", camp.ref)
        except BadInput as error:
            add_refusal(form, error)
    shown = {"form": form, "unit": unit}
    return render(request, "org/camp_new.html", shown, status=422 if form.errors else 200)


@never_cache
@require_safe
@signed_in
def camp(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One pass: its QR code to be scanned, its counts, and its end."""
    row = queries.get_camp(actor=request.actor, ref=ref, now=timezone.now())
    address = settings.PUBLIC_URL.rstrip("/") + reverse("accounts:camp", args=[camp_token(row.camp)])
    picture = str(segno.make(address, error="m").svg_data_uri(scale=6, border=3))
    return render(request, "org/camp.html", {"row": row, "address": address, "picture": picture})


@require_POST
@signed_in
def end_camp(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.end_camp(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The pass has ended. Phones opened with it stop now."))
    return redirect("org:camp", ref)
