"""A member's own card and letter, and the page where anybody checks a card. Nothing here needs JavaScript online."""

from __future__ import annotations

import json
from base64 import b64encode
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from toli.accounts.sessions import limited
from toli.kit import language, secrets
from toli.kit.errors import NotFound
from toli.kit.language import text_of
from toli.recruitment import letters, queries, services
from toli.recruitment.views.asking import read_static, version_of
from toli.ui.offline import kept_on_phone
from toli.ui.pages import ActedRequest, signed_in

FILES = ("ui/small.css", "ui/small.js", "ui/draft.js", "ui/logo.svg", "recruitment/verify.js", "recruitment/card.css")
"""What the page that checks cards needs without a network."""


@never_cache
@require_safe
@signed_in
@kept_on_phone
def my_card(request: ActedRequest) -> HttpResponse:
    """My card for each seat I hold, signed today, to show or to print."""
    _not_as_another(request)
    held = queries.my_cards(request.person, now=timezone.now())
    return render(request, "recruitment/my_card.html", {"cards": [(one, _qr(one.address)) for one in held]})


def _not_as_another(request: ActedRequest) -> None:
    """Whoever looks with another's eyes gets no card of theirs. Raises NotFound."""
    if request.actor.seen_as_id is not None:
        raise NotFound


def _qr(text: str) -> str:
    drawn = segno.make_qr(text, error="l").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308 - drawn by us from our own address


@require_POST
@signed_in
def lost(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.recall_card(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Your card is new. Every card shown or printed before is no longer valid."))
    return redirect("recruitment:my_card")


@never_cache
@require_safe
@signed_in
@limited("export", when=lambda request: True)
def letter(request: ActedRequest, ref: UUID) -> HttpResponse:
    """My letter of appointment as a PDF, in the page's language or the one asked for."""
    _not_as_another(request)
    now = timezone.now()
    found = queries.get_own_card(request.person, ref=ref, now=now)
    tag = "en" if request.GET.get("language", language.current()) == "en" else "hi"
    seat = found.appointment.seat
    with override(tag):
        level, unit = text_of(seat.unit.level.names, tag), text_of(seat.unit.names, tag)
        drawn = letters.draw(
            letters.Letter(
                language=tag, name=found.name, seat=text_of(found.card.seat, tag),
                team=text_of(seat.team_kind.names, tag), unit=f"{level} {unit}",
                appointed_at=found.appointment.valid_from or now,
                until=found.appointment.valid_to, address=found.address,
                page=f"{settings.PUBLIC_URL}{reverse('recruitment:verify_page')}", made_at=now,
            )
        )  # fmt: skip
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="toli-letter-{tag}.pdf"'
    return response


@require_safe
def verify_page(request: HttpRequest) -> HttpResponse:
    """The page a phone keeps: with the public keys in it, it checks a card's seal without a network."""
    keys = {str(version): b64encode(key).decode() for version, key in secrets.seal_keys().items()}
    return render(request, "recruitment/verify.html", {"keys": keys})


@never_cache
@require_safe
@limited("verify", when=lambda request: True)
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """What is true of this card now. No login, no number, no name."""
    now = timezone.now()
    checked = queries.check_card(token, now=now)
    shown = {"checked": checked, "now": now, "age": checked.card.age_days(now) if checked.card else 0}
    page = render(request, "recruitment/verified.html", shown, status=404 if checked.state == "forged" else 200)
    page["X-Robots-Tag"] = "noindex"
    return page


@require_safe
def verify_worker(request: HttpRequest) -> HttpResponse:
    """The worker that keeps the page above on a phone; it sees nothing but /verify/."""
    told = {
        "version": version_of(FILES),
        "files": [static(name) for name in FILES],
        "page": reverse("recruitment:verify_page"),
    }
    script = f'"use strict";\nconst VERIFY = {json.dumps(told)};\n{read_static("recruitment/verify_worker.js")}'
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
