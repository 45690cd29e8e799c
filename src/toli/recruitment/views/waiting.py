"""The desk's page of the waiting line: whether it is on, how fast it moves, when it begins."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from toli.org import access
from toli.recruitment import queries, services
from toli.recruitment.forms.waiting import LineForm
from toli.recruitment.views.asking import desk_actor, get_or_post
from toli.ui.pages import ActedRequest, signed_in


@never_cache
@get_or_post
@signed_in
def line(request: ActedRequest) -> HttpResponse:
    """One line stands before every call to join; whoever runs recruitment for all of it may set it."""
    actor = desk_actor(request)
    root = queries.get_line_root(actor=actor)
    if request.method == "POST":
        access.require(actor, "recruitment.manage", root)
    standing, waiting = queries.get_line(actor=actor)
    first = {"mode": standing.mode, "most_busy": standing.most_busy, "slowest_ms": standing.slowest_ms}
    form = LineForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        services.switch_line(actor=actor, **form.cleaned_data)
        messages.success(request, _("Saved. It holds from the next second on."))
        return redirect("recruitment:waiting_line")
    shown = {
        "line": standing, "waiting": waiting, "form": form, "a_minute": round(standing.speed * 60),
        "may_set": access.may(actor, "recruitment.manage", root),
    }  # fmt: skip
    return render(request, "recruitment/waiting_line.html", shown, status=422 if form.errors else 200)
