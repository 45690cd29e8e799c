"""What became of my application."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from toli.accounts import sessions
from toli.accounts.forms import PhoneForm
from toli.accounts.sessions import limited, read_ref
from toli.kit.errors import LimitReached
from toli.kit.ids import spoken_receipt
from toli.recruitment import queries, services
from toli.recruitment.models import Application
from toli.recruitment.saying import said_of
from toli.recruitment.views.asking import get_or_post, holder_of
from toli.recruitment.views.joining import JOINED


@never_cache
@get_or_post
@limited("status")
def status(request: HttpRequest) -> HttpResponse:
    """What became of my application: number and code, then the answer."""
    holder = holder_of(request)
    if holder is None:
        return _ask_number(request)
    draft = read_ref(request.GET.get("draft"))
    if draft and (key := queries.drive_of_draft(login_id=holder.login_id, ref=draft)):
        return redirect(f"{reverse('recruitment:send', args=[key])}?draft={draft}")
    mine = queries.my_applications(request.actor)  # type: ignore[attr-defined]
    shown = {
        "applications": _with_offers(mine),
        "interviews": queries.my_interviews(request.actor),  # type: ignore[attr-defined]
        "decided": queries.has_outcome(mine),
        "just_joined": JOINED in request.COOKIES,
        "kiosk": request.session.get("kiosk"),
    }
    page = render(request, "recruitment/status.html", shown)
    if JOINED in request.COOKIES:
        page.delete_cookie(JOINED, path=reverse("recruitment:status"))
    return page


def _with_offers(mine: list[Application]) -> list[tuple[object, ...]]:
    """Each application, its receipt to say aloud, its newest offer of a place, what that means, whether it is asked,
    and the places it may go on waiting for.
    """
    offers, asked, higher = queries.last_offers(mine), queries.asked_to_choose(mine), queries.higher_wishes(mine)
    rows: list[tuple[object, ...]] = []
    for found in mine:
        offer = offers.get(found.pk)
        said = said_of(offer.state, offer.reason, upgrade=offer.upgrade) if offer else None
        rows.append((found, spoken_receipt(found.receipt), offer, said, found.pk in asked, higher.get(found.pk, [])))
    return rows


def _ask_number(request: HttpRequest) -> HttpResponse:
    asked = PhoneForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        try:
            return sessions.start_login(
                request, phone=asked.cleaned_data["phone"], next_url=reverse("recruitment:status"), now=timezone.now()
            )
        except LimitReached as error:
            asked.add_error("phone", str(error))
    return render(request, "recruitment/status_ask.html", {"form": asked}, status=422 if asked.errors else 200)


@require_POST
def withdraw(request: HttpRequest, ref: UUID) -> HttpResponse:
    services.withdraw(actor=request.actor, ref=ref, now=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("Your application is withdrawn. You can apply again at any time."))
    return redirect("recruitment:status")
