"""The language and saver switches, the error pages, and the gallery of components."""

import secrets
import sys

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from toli.ui import away
from toli.ui.context import SAVER_COOKIE
from toli.ui.errors import words_for
from toli.ui.gallery import sample

YEAR_SECONDS = 365 * 24 * 3600
LAST_WORDS = (
    "हमसे गलती हुई। जो सहेजा था वह सुरक्षित है। एक मिनट बाद फिर कोशिश करें।\n"
    "We made a mistake. What was saved is safe. Try again in a minute."
)
SHELLS = {shell: f"ui/gallery_{shell}.html" for shell in ("desk", "volunteer", "public")}


@require_GET
def choose_language(request: HttpRequest, tag: str) -> HttpResponse:
    """Remember the language on this device and go back to where the person was."""
    if tag not in dict(settings.LANGUAGES):
        raise Http404
    response = HttpResponseRedirect(safe_next(request))
    _remember(response, request, settings.LANGUAGE_COOKIE_NAME, tag)
    return response


@require_GET
def choose_saver(request: HttpRequest) -> HttpResponse:
    """Turn saver mode on (?on=1) or off on this device."""
    response = HttpResponseRedirect(safe_next(request))
    if request.GET.get("on") == "1":
        _remember(response, request, SAVER_COOKIE, "1")
    else:
        response.delete_cookie(SAVER_COOKIE, samesite="Lax")
    return response


def _remember(response: HttpResponse, request: HttpRequest, cookie: str, value: str) -> None:
    response.set_cookie(cookie, value, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure())


def safe_next(request: HttpRequest, otherwise: str = "/") -> str:
    """The `next` address when it is on this site, else `otherwise`."""
    target = request.POST.get("next") or request.GET.get("next") or otherwise
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours else otherwise


def error_page(
    request: HttpRequest,
    status: int,
    *,
    sentence: str = "",
    retry_after: int | None = None,
    needs_proof: bool = False,
) -> HttpResponse:
    """A whole page, or for htmx a fragment, that says what happened, what was kept and what to do."""
    fragment = request.headers.get("HX-Request") == "true"
    number = secrets.token_hex(4) if status >= 500 else ""
    values = {
        "status": status,
        "words": words_for(status),
        "sentence": sentence,
        "needs_proof": needs_proof,
        "back_to": request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/me/"),
        "number": getattr(request, "request_id", number) if status >= 500 else "",
        "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
    }
    response = render(request, "ui/_error.html" if fragment else "ui/error.html", values, status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Also reached when a session could not be saved, which Django calls a bad request whatever the reason."""
    if cause := away.cause_of(exception):
        return away.pause_page(request, full=away.is_full(cause))
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The last page of all: if even the template fails, a plain sentence in both languages."""
    if cause := away.cause_of(sys.exc_info()[1]):
        return away.pause_page(request, full=away.is_full(cause))
    try:
        return error_page(request, 500)
    except Exception:
        return HttpResponse(LAST_WORDS, status=500, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Also reached when a form stayed open past the session's end."""
    sentence = _("This form was open too long, or cookies are switched off. Open the page again and send it anew.")
    return error_page(request, 403, sentence=sentence)


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page, to look at while building. Not there in production."""
    if settings.ENV.production:
        raise Http404
    return render(request, SHELLS.get(request.GET.get("shell", ""), SHELLS["desk"]), sample(request))
