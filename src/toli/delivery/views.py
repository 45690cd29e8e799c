"""The providers' webhooks, and the desk's pages of what was sent and of the ways out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toli.accounts import queries as accounts
from toli.delivery import queries, routes, services
from toli.delivery.forms import KeyForm, OutboxFilter
from toli.delivery.hook_secrets import is_hook_secret
from toli.delivery.limits import quiet_ends
from toli.delivery.providers.webpush.payload import packed, point
from toli.delivery.words import account_row, account_rows, post_rows, rows_for, way_rows
from toli.kit.errors import BadInput, NotFound, ToliError, WrongState
from toli.org import access
from toli.org import queries as org
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

LONGEST_RECEIPT = 256 * 1024
LONGEST_SMS_RECEIPT = 16 * 1024
PAGE_ROWS = 50


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, name: str, provider: str = "sms") -> HttpResponse:
    """Signed receipts and replies of a provider. Its own signature stands in for the form token."""
    if request.method != "POST":
        return _greet(request, provider, name)
    longest = LONGEST_SMS_RECEIPT if provider == "sms" else LONGEST_RECEIPT
    body = request.read(longest + 1)
    if len(body) > longest:
        return JsonResponse({"error": "too long"}, status=413)
    headers = {key.lower(): value for key, value in request.headers.items()}
    try:
        changed = services.take_posted(provider=provider, name=name, body=body, headers=headers, now=timezone.now())
    except ToliError as refusal:
        return JsonResponse({"error": str(refusal)}, status=refusal.status)
    return JsonResponse({"ok": True, "changed": changed})


def _greet(request: HttpRequest, provider: str, name: str) -> HttpResponse:
    """Meta asks once whether we are who it was told, and wants its word back."""
    if provider not in routes.META:
        return HttpResponseNotAllowed(["POST"])
    word = request.GET.get("hub.verify_token", "")
    if not is_hook_secret(provider, name, word):
        return JsonResponse({"error": "unknown"}, status=404)
    return HttpResponse(request.GET.get("hub.challenge", "")[:200], content_type="text/plain")


@signed_in
@require_GET
def push_key(request: ActedRequest) -> JsonResponse:
    """The key that a browser subscribes with."""
    return JsonResponse({"key": packed(point(routes.push_key().public_key()))})


@signed_in
@require_POST
def push_subscribe(request: ActedRequest) -> JsonResponse:
    """This browser wants notices, or wants none any more; the subscription comes as JSON."""
    said = request.read(8 * 1024).decode("utf-8", "replace")
    try:
        services.subscribe_browser(actor=request.actor, said=said, now=timezone.now())
    except ToliError as refusal:
        return JsonResponse({"error": str(refusal)}, status=refusal.status)
    return JsonResponse({"ok": True})


@signed_in
@require_POST
def push_forget(request: ActedRequest) -> JsonResponse:
    """This browser wants no notices any more."""
    endpoint = request.POST.get("endpoint", "")[:2000]
    gone = services.forget_browser(actor=request.actor, endpoint=endpoint, now=timezone.now())
    return JsonResponse({"ok": True, "changed": gone})


@signed_in
@require_GET
def channels(request: ActedRequest) -> HttpResponse:
    """Every way out: the official accounts with their keys and what is left, and the ways to persons."""
    now, actor = timezone.now(), request.actor
    found = queries.accounts_seen(actor)
    may = access.may_anywhere(actor, "delivery.connect")
    context = {
        "accounts": account_rows(found, queries.post_counts(found, now=now), queries.rests(), queries.spent(), now),
        "ways": way_rows(queries.health(now), queries.spent(), now), "may_connect": may,
        "waiting": queries.handles_without_key(actor) if may else [],
    }  # fmt: skip
    return render(request, "delivery/channels.html", context)


@signed_in
@require_GET
def account(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One account: how its key is, who operates it, and what was posted there."""
    now, actor = timezone.now(), request.actor
    found = queries.get_account(actor=actor, ref=ref)
    page = Paginator(queries.posts_of(found), PAGE_ROWS).get_page(request.GET.get("page"))
    operators = list(org.operators_of(found.handle))
    context = {
        "row": account_row(found, queries.rests(), queries.spent(), now), "page": page,
        "rows": post_rows(page.object_list), "may_connect": access.may(actor, "delivery.connect", found.handle.unit),
        "operates": any(one.person_id == actor.person_id for one in operators), "operators": len(operators),
    }  # fmt: skip
    return render(request, "delivery/account.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Give Toli the key of a declared account."""
    handle = org.get_handle(actor=request.actor, ref=ref, right="delivery.connect")
    sent = request.method == "POST"
    provider = routes.provider_of(handle.platform)
    form = KeyForm(request.POST if sent else None, provider=provider)
    if sent and form.is_valid():
        try:
            made = services.connect_account(
                actor=request.actor, handle_ref=ref, now=timezone.now(), **form.cleaned_data
            )
        except BadInput as refusal:
            add_refusal(form, refusal)
        except WrongState as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The key is kept. Whether it opens the account shows within a minute."))
            return redirect("delivery:account", made.ref)
    context = {"handle": handle, "form": form, "is_locked": provider == "whatsapp"}
    return render(request, "delivery/connect.html", context, status=422 if sent else 200)


@signed_in
@require_POST
def take_away(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Toli posts there no more."""
    services.take_account_away(actor=request.actor, ref=ref, now=timezone.now())
    return redirect("delivery:account", ref)


@signed_in
@require_POST
def settle(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Somebody looked whether a post is there."""
    answer = request.POST.get("is_there", "")
    post = queries.get_post(actor=request.actor, ref=ref)
    if answer not in ("yes", "no"):
        raise NotFound
    services.settle_post(actor=request.actor, ref=ref, is_there=answer == "yes", now=timezone.now())
    return redirect("delivery:account", post.account.ref)


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
        "health": [one for one in queries.health(now) if one.channel == "sms"], "delay": accounts.code_delay(now=now),
        "quiet_until": quiet_ends(now),
    }  # fmt: skip
    return render(request, "delivery/outbox.html", context)
