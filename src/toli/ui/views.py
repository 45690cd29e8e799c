"""The language and saver switches, the error pages, and the gallery of components."""

import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import override
from django.views.decorators.http import require_GET

from toli.ui.context_processors import SAVER_COOKIE
from toli.ui.errors import words_for

YEAR_SECONDS = 365 * 24 * 3600


@require_GET
def choose_language(request: HttpRequest, tag: str) -> HttpResponse:
    """Remember the language on this device and go back to where the person was."""
    if tag not in dict(settings.LANGUAGES):
        raise Http404
    response = HttpResponseRedirect(safe_next(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, tag, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure()
    )
    return response


@require_GET
def choose_saver(request: HttpRequest) -> HttpResponse:
    """Turn saver mode on (?on=1) or off on this device."""
    response = HttpResponseRedirect(safe_next(request))
    if request.GET.get("on") == "1":
        response.set_cookie(SAVER_COOKIE, "1", max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(SAVER_COOKIE, samesite="Lax")
    return response


def safe_next(request: HttpRequest, otherwise: str = "/") -> str:
    """The `next` address when it is on this site, else `otherwise`."""
    target = request.POST.get("next") or request.GET.get("next") or otherwise
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours else otherwise


def error_page(
    request: HttpRequest, status: int, *, sentence: str = "", retry_after: int | None = None
) -> HttpResponse:
    """A whole page, or for htmx a fragment, that says what happened, what was kept and what to do."""
    fragment = request.headers.get("HX-Request") == "true"
    number = secrets.token_hex(4) if status >= 500 else ""
    values = {
        "status": status, "words": words_for(status), "sentence": sentence,
        "number": getattr(request, "request_id", number) if status >= 500 else "",
        "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
    }
    response = render(request, "ui/_error.html" if fragment else "ui/error.html", values, status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The last page of all: if even the template fails, a plain sentence in both languages."""
    try:
        return error_page(request, 500)
    except Exception:  # noqa: BLE001 - this is the page for when anything at all is broken
        text = "हमसे गलती हुई। जो सहेजा था वह सुरक्षित है। एक मिनट बाद फिर कोशिश करें।\nWe made a mistake. Try again in a minute."
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Also reached when a form stayed open past the session's end."""
    return error_page(request, 403, sentence=str(_csrf_sentence()))


def _csrf_sentence() -> object:
    from django.utils.translation import gettext

    return gettext("This form was open too long, or cookies are switched off. Open the page again and send it anew.")


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page, to look at while building. Not there in production."""
    if not (settings.DEBUG or getattr(settings, "DEMO", False)):
        raise Http404
    from toli.ui.gallery import sample

    with override(getattr(request, "LANGUAGE_CODE", "hi")):
        shell = request.GET.get("shell", "desk")
        page = {"desk": "ui/gallery_desk.html", "volunteer": "ui/gallery_volunteer.html"}.get(shell)
        return render(request, page or "ui/gallery_public.html", sample(request))
