"""The providers' webhook, and the desk's page of what was sent."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from toli.accounts import queries as accounts
from toli.delivery import queries, services
from toli.delivery.forms import OutboxFilter
from toli.delivery.limits import quiet_ends
from toli.delivery.words import rows_for
from toli.kit.errors import BadInput, ToliError, WrongState
from toli.ui.pages import ActedRequest, signed_in

LONGEST_RECEIPT = 16 * 1024
PAGE_ROWS = 50


@csrf_exempt
@require_POST
def receipt(request: HttpRequest, provider: str) -> JsonResponse:
    """A signed receipt or reply of a provider. Its own signature stands in for the form token."""
    body = request.read(LONGEST_RECEIPT + 1)
    if len(body) > LONGEST_RECEIPT:
        return JsonResponse({"error": "too long"}, status=413)
    try:
        changed = services.take_receipt(
            provider=provider, body=body, signature=request.headers.get("X-Signature", ""), now=timezone.now()
        )
    except ToliError as refusal:
        return JsonResponse({"error": str(refusal)}, status=refusal.status)
    return JsonResponse({"ok": True, "changed": changed})


@signed_in
@require_POST
def send_now(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One message in the quiet hours, with its reason."""
    try:
        services.send_in_quiet_hours(
            actor=request.actor, ref=ref, words=request.POST.get("reason", ""), now=timezone.now()
        )
        messages.success(request, _("It goes out now. The reason is recorded."))
    except (BadInput, WrongState) as refusal:
        messages.error(request, str(next(iter(getattr(refusal, "fields", {}).values()), refusal.sentence)))
    return redirect("delivery:outbox")


@signed_in
@require_GET
def outbox(request: ActedRequest) -> HttpResponse:
    """What waits, went, arrived or was held back, without a name or a number."""
    actor = request.actor
    now, form = timezone.now(), OutboxFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = queries.outbox(actor, state=chosen.get("state", ""), template=chosen.get("template", ""))
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "rows": rows_for(page.object_list), "counts": queries.counts(actor, now=now),
        "health": queries.health(now), "delay": accounts.code_delay(now=now),
        "quiet_until": quiet_ends(now),
    }  # fmt: skip
    return render(request, "delivery/outbox.html", context)
