"""What opens when somebody taps a shared link: open to all, counted without knowing who."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from toli.accounts.sessions import address_of
from toli.broadcasts import queries, services, share
from toli.broadcasts.links import Link, is_bot, read_code
from toli.content.views.files import served
from toli.kit import language
from toli.kit.errors import NotFound


def _read(code: str) -> Link:
    link = read_code(code)
    if link is None:
        raise Http404
    return link


@never_cache
@require_safe
def shared(request: HttpRequest, code: str) -> HttpResponse:
    """The text with its source and what a message app needs to preview it.

    410 for what was taken back, 451 while the law keeps this place silent: both without the text.
    """
    link, now = _read(code), timezone.now()
    found = queries.landing(link, now=now)
    if found is None:
        return render(request, "broadcasts/shared_gone.html", status=410)
    if not found.verdict:
        said = found.verdict.text(language.current())
        return render(request, "broadcasts/shared_gone.html", {"said": said}, status=451)
    agent = request.headers.get("User-Agent", "")
    if request.method == "GET" and not is_bot(agent):
        services.note_visit(link=link, address=address_of(request), agent=agent, now=now)
    texts, sources = found.item.texts_by_language, found.item.source_by_language
    context = {
        "item": found.item, "unit": found.unit, "address": share.link_to(*link),
        "text": language.text_of(texts), "source": language.text_of(sources),
        "picture": found.item.file.endswith(".jpg"), "code": code,
    }  # fmt: skip
    return render(request, "broadcasts/shared.html", context)


@never_cache
@require_safe
def picture(request: HttpRequest, code: str) -> HttpResponseBase:
    """The picture of a shared text, under the same law as the text."""
    found = queries.landing(_read(code), now=timezone.now())
    if found is None or not found.verdict or not found.item.file.endswith(".jpg"):
        raise NotFound()
    return served(found.item.file)
