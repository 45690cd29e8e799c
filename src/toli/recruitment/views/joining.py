"""The join pages, open to all and without JavaScript."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from toli.accounts import services as accounts
from toli.accounts import sessions
from toli.accounts.sessions import is_asking, limited, read_ref
from toli.consent import queries as consent
from toli.kit import language
from toli.kit.errors import BadInput, LimitReached, NotFound
from toli.org.models import Unit
from toli.recruitment import queries, rules, services
from toli.recruitment.forms import JoinForm
from toli.recruitment.models import Drive
from toli.recruitment.views.asking import get_or_post, holder_of, read_static, version_of
from toli.ui.forms import add_refusal

JOINED = "joined"
KEEP_FORM = "Toli-Keep-Form"
"""The header that lets a phone keep a copy of the empty form for when there is no network."""
FILES = ("ui/small.css", "ui/small.js", "ui/draft.js", "ui/logo.svg", "ui/icons.svg", "recruitment/form.js")
"""What that copy needs."""


@require_safe
@limited("search", when=is_asking("q"))
def join(request: HttpRequest, key: str) -> HttpResponse:
    """The first page of a drive: what it is, and where do you live? By words, or step by step."""
    drive = queries.get_drive(key=key)
    words = request.GET.get("q", "").strip()[:120]
    under = read_ref(request.GET.get("under"))
    place = queries.get_place(drive, under) if under else None
    found = queries.places(drive, words) if words else []
    steps = _steps(drive, place) if not found else []
    shown = {
        "drive": drive, "words": words, "place": place, "found": _with_above(found), "steps": steps,
        "is_open": rules.is_open(drive, now=timezone.now()), "kiosk": request.session.get("kiosk"),
        "via": via_of(request), "next": _after_place(drive), "count": queries.public_count(drive, now=timezone.now()),
    }  # fmt: skip
    return render(request, "recruitment/join.html", shown)


def via_of(request: HttpRequest) -> str:
    """The code of the poster or person that led here; it goes from page to page in the address."""
    return request.GET.get("via", "")[:12]


def _after_place(drive: Drive) -> str:
    """Who chose a place goes on to the wishes, where the drive offers places to wish for."""
    return reverse("recruitment:wishes" if queries.offers_places(drive) else "recruitment:form", args=[drive.key])


def _steps(drive: Drive, place: Unit | None) -> list[Unit]:
    return queries.places_below(place, language.current()) if place else queries.top_places(drive, language.current())


def _with_above(units: list[Unit]) -> list[tuple[Unit, list[Unit]]]:
    parents = queries.above(units)
    return [(unit, parents[unit.pk]) for unit in units]


@require_safe
@limited("search", when=is_asking("q"))
def wishes(request: HttpRequest, key: str) -> HttpResponse:
    """Where would you like to work? The wishes stand in the address, in their order; every act is a link."""
    drive = queries.get_drive(key=key)
    ref = read_ref(request.GET.get("unit"))
    if ref is None:
        return redirect("recruitment:join", key)
    place = queries.get_place(drive, ref)
    chosen = queries.readable_wishes(drive, request.GET.getlist("wish"))
    words = request.GET.get("q", "").strip()[:120]
    found = queries.wishes_found(drive, words) if words else queries.near_wishes(drive, place)
    codes = [wish.code for wish in chosen]
    shown = {
        "drive": drive, "place": place, "words": words, "via": via_of(request), "full": len(codes) >= drive.wishes,
        "chosen": [(wish, _without(request, codes, wish.code), _sooner(request, codes, wish.code)) for wish in chosen],
        "found": [(wish, _wish_link(request, [*codes, wish.code])) for wish in found if wish.code not in codes],
        "codes": codes, "kiosk": request.session.get("kiosk"),
        "onward": f"{reverse('recruitment:form', args=[key])}{_wish_link(request, codes, searching=False)}",
    }  # fmt: skip
    return render(request, "recruitment/wishes.html", shown)


def _wish_link(request: HttpRequest, codes: list[str], *, searching: bool = True) -> str:
    kept = {name: request.GET[name] for name in ("unit", "via") if request.GET.get(name)}
    if searching and request.GET.get("q"):
        kept["q"] = request.GET["q"][:120]
    return f"?{urlencode({**kept, 'wish': codes}, doseq=True)}"


def _without(request: HttpRequest, codes: list[str], code: str) -> str:
    return _wish_link(request, [other for other in codes if other != code])


def _sooner(request: HttpRequest, codes: list[str], code: str) -> str:
    """The link that puts this wish one place up; none for the first."""
    at = codes.index(code)
    return _wish_link(request, [*codes[: at - 1], code, codes[at - 1], *codes[at + 1 :]]) if at else ""


@never_cache
@get_or_post
def form(request: HttpRequest, key: str) -> HttpResponse:
    """The form for one place. It is kept as a draft before a code is asked."""
    drive = queries.get_drive(key=key)
    rules.check_begun(drive, now=timezone.now())
    if request.method == "POST":
        return _form_given(request, drive, request.FILES)
    rules.check_open(drive, now=timezone.now())
    ref = read_ref(request.GET.get("unit"))
    if ref is None:
        return redirect("recruitment:join", key)
    queries.get_place(drive, ref)
    notice = consent.current_notice(drive.notice_key)
    invitation = request.GET.get("invitation", "")[:40]
    first = {
        "unit": ref, "notice": notice.ref, "via": via_of(request), "invitation": invitation, "seen": _version(drive),
    }  # fmt: skip
    wished = queries.readable_wishes(drive, request.GET.getlist("wish"))
    page = _form_page(request, drive, _join_form(request, drive, initial=first, wishes=wished))
    if holder_of(request) is None and not request.session.get("kiosk"):
        page[KEEP_FORM] = "1"
    return page


form.limited_act = "join"  # type: ignore[attr-defined]  # it counts by itself, so that what was typed stays


def _join_form(request: HttpRequest, drive: Drive, **kwargs: Any) -> JoinForm:
    notice = consent.current_notice(drive.notice_key)
    return JoinForm(
        drive=drive, notice=notice, known=_is_known(request), language=language.current(),
        version=queries.current_form(drive), **kwargs,
    )  # fmt: skip


def _is_known(request: HttpRequest) -> bool:
    return request.actor.person_id is not None  # type: ignore[attr-defined]


def _version(drive: Drive) -> str:
    """Which questions a page shows: the number of their version, 0 where the drive asks nothing of its own."""
    current = queries.current_form(drive)
    return str(current.number if current else 0)


def _as_now(drive: Drive, given: QueryDict) -> tuple[QueryDict, bool]:
    """What was filled, for the notice and the questions of now; whether they changed since the page was opened.

    A yes to a notice that was not read is none: all of them are asked again.
    """
    notice, version = str(consent.current_notice(drive.notice_key).ref), _version(drive)
    if given.get("notice") == notice and given.get("seen", version) == version:
        return given, False
    now = given.copy()
    if given.get("notice") != notice:
        for name in [name for name in now if name == "declared" or name.startswith("purpose_")]:
            del now[name]
    now["notice"], now["seen"] = notice, version
    return now, True


def _form_given(request: HttpRequest, drive: Drive, files: Any) -> HttpResponse:
    wished = queries.readable_wishes(drive, request.POST.getlist("wish"))
    given, changed = _as_now(drive, request.POST)
    filled = _join_form(request, drive, data=given, files=files, wishes=wished)
    if changed:
        filled.add_error(None, _("The form or its notice changed since you opened it. Please read it and send again."))
    if filled.is_valid():
        try:
            sessions.spend(request, "join")
            payload = services.check_form(
                actor=request.actor, drive=drive, form=filled.payload(), now=timezone.now()  # type: ignore[attr-defined]
            )  # fmt: skip
            return _keep_and_go_on(request, drive, payload, filled.cleaned_data.get("phone", ""))
        except BadInput as error:
            add_refusal(filled, error)
        except LimitReached as error:
            filled.add_error("phone" if "phone" in filled.fields else None, str(error))
    return _form_page(request, drive, filled, status=422)


def _keep_and_go_on(request: HttpRequest, drive: Drive, payload: dict[str, Any], phone: str) -> HttpResponse:
    """Keep the draft; then ask the code, or go straight on where the person is signed in already."""
    now = timezone.now()
    draft = accounts.save_draft(kind=rules.DRAFT_KIND, payload=payload, phone=phone, now=now)
    target = reverse("recruitment:send", args=[drive.key])
    over = not rules.is_open(drive, now=now)
    if phone and not over:
        return sessions.start_login(request, phone=phone, draft=draft, next_url=target, now=now)
    if phone:  # no code for a form that cannot be sent now; the next sign-in with this number leads back to it
        sessions.remember_way(request, draft=draft, next_url=target)
        return _over_page(request, drive, draft)
    holder = holder_of(request)
    accounts.claim_draft(login_id=holder.login_id, key=holder.login.key, ref=draft, own=True, now=now)
    return redirect(f"{target}?draft={draft}")


def _over_page(request: HttpRequest, drive: Drive, draft: UUID) -> HttpResponse:
    """The drive ended while the form was being filled: it is kept, and where to find it is said."""
    again = f"{reverse('recruitment:send', args=[drive.key])}?draft={draft}"
    return render(request, "recruitment/over.html", {"drive": drive, "again": again}, status=409)


def _form_page(request: HttpRequest, drive: Drive, filled: JoinForm, status: int = 200) -> HttpResponse:
    ref = read_ref(str(filled["unit"].value() or ""))
    try:
        place = queries.get_place(drive, ref) if ref else None
    except NotFound:
        place = None
    notice = consent.current_notice(drive.notice_key)
    carried = {"unit": ref or "", "via": filled["via"].value() or "", "wish": [wish.code for wish in filled.wishes]}
    shown = {
        "drive": drive, "form": filled, "place": place, "above": queries.above([place])[place.pk] if place else [],
        "notice": notice, "kiosk": request.session.get("kiosk"), "carried": urlencode(carried, doseq=True),
        "offers_places": queries.offers_places(drive),
    }  # fmt: skip
    return render(request, "recruitment/form.html", shown, status=status)


@never_cache
@require_safe
def send(request: HttpRequest, key: str) -> HttpResponse:
    """Reached by redirect once the number is proved: the person pressed "send" before the code, so no second press."""
    drive = queries.get_drive(key=key)
    holder, draft = holder_of(request), read_ref(request.GET.get("draft"))
    if holder is None or draft is None:
        return redirect("recruitment:status")
    try:
        _join(request, drive, draft)
    except rules.DriveOver:
        return _over_page(request, drive, draft)
    except NotFound:
        if not queries.my_applications(request.actor):  # type: ignore[attr-defined]
            raise
        return redirect("recruitment:status")
    return _say_joined(redirect("recruitment:status"), secure=request.is_secure())


def _say_joined(answer: HttpResponse, *, secure: bool) -> HttpResponse:
    """Told by a cookie that lives a minute: writing it into the session would cost thousands a second commit."""
    answer.set_cookie(JOINED, "1", max_age=60, path=reverse("recruitment:status"), secure=secure, httponly=True)
    return answer


def _join(request: HttpRequest, drive: Drive, draft: UUID) -> None:
    holder = holder_of(request)
    services.join(
        actor=request.actor,  # type: ignore[attr-defined]
        drive=drive,
        draft=draft,
        login_id=holder.login_id,
        holder_id=holder.pk,
        language=language.current(),
        channel="kiosk" if request.session.get("kiosk") else "web",
        session_key=request.session.session_key or "",
        device=request.COOKIES.get(sessions.DEVICE_COOKIE, "").partition(".")[0][:64],
        address=sessions.address_of(request),
        now=timezone.now(),
    )


@require_safe
def form_worker(request: HttpRequest) -> HttpResponse:
    """The worker that keeps the copy; it sees nothing but /join/."""
    told = {"version": version_of(FILES), "files": [static(name) for name in FILES]}
    script = f'"use strict";\nconst FORM = {json.dumps(told)};\n{read_static("recruitment/form_worker.js")}'
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@never_cache
@require_safe
def kiosk(request: HttpRequest, key: str) -> HttpResponse:
    """Help somebody on a shared device: whoever was signed in is signed out, and nothing of the next one stays."""
    queries.get_drive(key=key)
    logout(request)
    request.session["kiosk"] = True
    request.session.set_expiry(0)
    return redirect("recruitment:join", key)
