"""Norms: how many seats a team ought to have; added and ended here."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from toli.kit.errors import BadInput, NotFound
from toli.org import access, queries, services
from toli.org.models import Unit
from toli.org.shape_forms import NormForm
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def norms(request: ActedRequest) -> HttpResponse:
    """The norms of what I may shape, and a form for one more."""
    if not access.may_anywhere(request.actor, "org.shape"):
        raise NotFound()
    if request.method == "POST":
        access.require_second_factor(request.actor, "org.shape")
    tops = queries.roots(request.actor, "org.shape")
    scopes = [*tops, *(child for top in tops for child in queries.children_of(top).order_by("path")[:100])]
    form = NormForm(
        request.POST if request.method == "POST" else None, scopes=scopes, kinds=queries.team_kinds(),
        roles=queries.roles_of_teams(), wings=queries.wings(),
    )  # fmt: skip
    if form.is_bound and form.is_valid() and _added(request, form, scopes):
        return redirect("org:norms")
    page = Paginator(queries.norms_in_charge(request.actor), 50).get_page(request.GET.get("page"))
    return render(request, "org/norms.html", {"page": page, "form": form}, status=422 if form.is_bound else 200)


def _added(request: ActedRequest, form: NormForm, scopes: list[Unit]) -> bool:
    clean = form.cleaned_data
    try:
        norm = services.set_norm(
            actor=request.actor, team_kind=queries.team_kind(clean["team_kind"]), role=queries.role(clean["role"]),
            count=clean["count"], scope=next(u for u in scopes if str(u.ref) == clean["scope"]), now=timezone.now(),
            wing=next((w for w in queries.wings() if w.key == clean["wing"]), None), reason=clean["reason"],
        )  # fmt: skip
    except BadInput as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("The norm holds; its seats are open in every team.") if norm.pk else "")
    return True


@require_POST
@signed_in
def end(request: ActedRequest, ref: UUID) -> HttpResponse:
    closed = services.end_norm(actor=request.actor, ref=ref, now=timezone.now())
    said = ngettext("Ended. %(n)d vacant seat closed.", "Ended. %(n)d vacant seats closed.", closed)
    messages.success(request, said % {"n": closed} + " " + _("Whoever sits there stays."))
    return redirect("org:norms")
