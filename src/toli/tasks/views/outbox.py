"""What a phone's outbox talks to. Answers are JSON that says it is ours: a wall of the network answers something else.

A hand-in is taken only from the session of the person who wrote it, and once for its ref.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from toli.accounts.sessions import limited
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotFound, ToliError
from toli.tasks import queries, services
from toli.tasks.forms import HandInForm
from toli.ui.offline import phone_key
from toli.ui.pages import ActedRequest

OWNER = "Toli-Owner"


@never_cache
@require_safe
def whoami(request: HttpRequest) -> HttpResponse:
    """For whom this session may send, and the token to send with."""
    owner = phone_key(request)
    return _said(200 if owner else 401, owner=owner or "", csrf=get_token(request))


@require_POST
@limited("upload", when=lambda request: False)  # counted below, where a refusal is answered in JSON
def send(request: ActedRequest, ref: UUID) -> HttpResponseBase:
    """Take one hand-in of the outbox."""
    owner = phone_key(request)
    if not owner:
        return _said(401, state="login", owner="")
    if request.headers.get(OWNER) != owner:
        return _said(409, state="other", owner=owner)
    try:
        return _take(request, ref)
    except ToliError as error:
        if isinstance(error, NotFound) and _came_before(request.actor, request.POST.get("ref", "")):
            return _said(200, state="sent")
        wait = getattr(error, "retry_after", None)
        return _said(error.status, state="refused", reason=_reason(error), wait=wait)


@limited("upload")
def _take(request: ActedRequest, ref: UUID) -> HttpResponse:
    now = timezone.now()
    shown = queries.my_share(request.actor, ref, now=now)
    form = HandInForm(request.POST, request.FILES, task=shown.assignment.task)
    if not form.is_valid():
        return _said(422, state="refused", reason=" ".join(str(e) for errors in form.errors.values() for e in errors))
    services.hand_in(actor=request.actor, ref=ref, hand_in_ref=form.cleaned_data["ref"], now=now, **form.proofs())
    return _said(200, state="sent")


def _came_before(actor: Actor, text: str) -> bool:
    """Its answer was lost, and the person has left the team since."""
    try:
        queries.get_hand_in(actor=actor, ref=UUID(text), now=timezone.now())
    except (ValueError, NotFound):
        return False
    return True


def _reason(error: ToliError) -> str:
    fields = error.fields.values() if isinstance(error, BadInput) else ()
    return " ".join(str(sentence) for sentence in fields) or str(error)


def _said(status: int, *, wait: int | None = None, **values: Any) -> HttpResponse:
    response = JsonResponse({"outbox": 1, **values}, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response
