"""Posters with a QR, and a member's own link."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from segno import make_qr

from toli.accounts.sessions import read_ref
from toli.kit.errors import BadInput
from toli.recruitment import queries, services
from toli.recruitment.models import JoinLink
from toli.recruitment.views.asking import desk_actor, get_or_post
from toli.ui.pages import ActedRequest, signed_in


def address_of(request: ActedRequest, link: JoinLink) -> str:
    return request.build_absolute_uri(f"{reverse('recruitment:join', args=[link.drive.key])}?via={link.code}")


def qr_of(address: str) -> str:
    """The address as a picture in the page itself; error level M reads through a fold or a stain."""
    return str(make_qr(address, error="m").svg_data_uri(scale=8, border=4))


@require_POST
@signed_in
def poster_make(request: ActedRequest, key: str) -> HttpResponse:
    """Make (or find) the poster of a unit."""
    actor = desk_actor(request)
    queries.get_drive_seen(actor=actor, key=key)
    ref = read_ref(request.POST.get("unit"))
    if ref is None:
        raise BadInput
    link = services.make_poster(actor=actor, key=key, unit_ref=ref, now=timezone.now())
    return redirect("recruitment:poster", key, link.code)


@require_safe
@signed_in
def poster(request: ActedRequest, key: str, code: str) -> HttpResponse:
    """One sheet of A4 in both languages, to print."""
    actor = desk_actor(request)
    drive = queries.get_drive_seen(actor=actor, key=key)
    link = queries.get_poster(actor=actor, drive=drive, code=code)
    address = address_of(request, link)
    shown = {"drive": drive, "link": link, "address": address, "qr": qr_of(address)}
    return render(request, "recruitment/poster.html", shown)


@never_cache
@get_or_post
@signed_in
def own_link(request: ActedRequest, key: str) -> HttpResponse:
    """A member's own link: taken with one press, then to pass on or to show as a QR."""
    drive = queries.get_drive(key=key)
    if request.method == "POST":
        services.own_link(actor=request.actor, key=key, now=timezone.now())
        return redirect("recruitment:own_link", key)
    link = queries.own_link_of(request.actor, drive)
    address = address_of(request, link) if link else ""
    shown = {"drive": drive, "link": link, "address": address, "qr": qr_of(address) if link else "",
             "brought": queries.brought_by(link) if link else 0}  # fmt: skip
    return render(request, "recruitment/own_link.html", shown)
