"""When the SMS does not come: a call that speaks the code, or an SMS the other way round."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from toli.accounts import services, sessions
from toli.accounts.views.login import CODE_PROBLEMS, asked_code, signed_in
from toli.kit.errors import ToliError


@never_cache
@require_POST
def code_call(request: HttpRequest) -> HttpResponse:
    """Ring the number and speak the code."""
    ref = asked_code(request)
    if ref is None:
        return redirect("accounts:phone")
    try:
        services.call_instead(ref=ref, cookie=request.COOKIES.get(sessions.DEVICE_COOKIE, ""), now=timezone.now())
        messages.success(request, _("Your phone will ring. A voice says the six digits."))
    except ToliError as error:
        messages.error(request, str(error))
    return redirect("accounts:code")


@never_cache
@require_POST
def code_sent(request: HttpRequest) -> HttpResponse:
    """The person sent us the word from their own phone."""
    ref = asked_code(request)
    if ref is None:
        return redirect("accounts:phone")
    draft = request.session.get("login_draft")
    outcome = services.open_heard(
        ref=ref,
        cookie=request.COOKIES.get(sessions.DEVICE_COOKIE, ""),
        draft=sessions.read_ref(draft),
        own_draft=draft in request.session.get("own_drafts", []),
        agent=sessions.agent_of(request),
        now=timezone.now(),
    )
    if outcome.login is not None:
        return signed_in(request, outcome, now=timezone.now())
    messages.info(request, CODE_PROBLEMS[outcome.problem])
    return redirect("accounts:code")
