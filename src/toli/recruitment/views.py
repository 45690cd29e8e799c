"""The join pages, open to all and without JavaScript; the status page; the desk's applicants."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toli.accounts import services as accounts
from toli.accounts import sessions
from toli.accounts.forms import PhoneForm
from toli.accounts.sessions import is_asking, limited
from toli.consent import queries as consent
from toli.kit import language
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, LimitReached, NotFound
from toli.kit.ids import spoken_receipt
from toli.org import access
from toli.org.models import Unit
from toli.people import queries as people
from toli.recruitment import queries, rules, services
from toli.recruitment.forms import ApplicantFilter, DriveForm, JoinForm
from toli.recruitment.models import Drive
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 50
JOINED = "joined"


def _ref(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


@require_safe
@limited("search", when=is_asking("q"))
def join(request: HttpRequest, key: str) -> HttpResponse:
    """The first page of a drive: what it is, and where do you live? By words, or step by step."""
    drive = queries.get_drive(key=key)
    words = request.GET.get("q", "").strip()[:120]
    under = _ref(request.GET.get("under"))
    place = queries.get_place(drive, under) if under else None
    found = queries.places(drive, words) if words else []
    steps = _steps(drive, place) if not found else []
    shown = {
        "drive": drive, "words": words, "place": place, "found": _with_above(found), "steps": steps,
        "is_open": rules.is_open(drive, now=timezone.now()), "kiosk": request.session.get("kiosk"),
    }  # fmt: skip
    return render(request, "recruitment/join.html", shown)


def _steps(drive: Drive, place: Unit | None) -> list[Unit]:
    return queries.places_below(place, language.current()) if place else queries.top_places(drive, language.current())


def _with_above(units: list[Unit]) -> list[tuple[Unit, list[Unit]]]:
    parents = queries.above(units)
    return [(unit, parents[unit.pk]) for unit in units]


@never_cache
@get_or_post
def form(request: HttpRequest, key: str) -> HttpResponse:
    """The form for one place. It is kept as a draft before a code is asked."""
    drive = queries.get_drive(key=key)
    rules.check_open(drive, now=timezone.now())
    if request.method == "POST":
        return _form_given(request, drive)
    ref = _ref(request.GET.get("unit"))
    if ref is None:
        return redirect("recruitment:join", key)
    queries.get_place(drive, ref)
    notice = consent.current_notice(drive.notice_key)
    return _form_page(request, drive, _join_form(request, drive, initial={"unit": ref, "notice": notice.ref}))


def _join_form(request: HttpRequest, drive: Drive, **kwargs: Any) -> JoinForm:
    notice = consent.current_notice(drive.notice_key)
    return JoinForm(
        request.POST if request.method == "POST" else None, drive=drive, notice=notice,
        known=_is_known(request), language=language.current(), **kwargs,
    )  # fmt: skip


def _holder(request: HttpRequest) -> Any:
    return getattr(request, "holder", None)


def _is_known(request: HttpRequest) -> bool:
    return request.actor.person_id is not None  # type: ignore[attr-defined]


def _form_given(request: HttpRequest, drive: Drive) -> HttpResponse:
    filled = _join_form(request, drive)
    if filled.is_valid():
        try:
            sessions.spend(request, "join")
            payload = services.check_form(
                actor=request.actor,
                drive=drive,
                form=filled.payload(),
                now=timezone.now(),  # type: ignore[attr-defined]
            )
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
    if phone:
        return sessions.start_login(request, phone=phone, draft=draft, next_url=target, now=now)
    holder = _holder(request)
    accounts.claim_draft(login_id=holder.login_id, key=holder.login.key, ref=draft, own=True, now=now)
    return redirect(f"{target}?draft={draft}")


def _form_page(request: HttpRequest, drive: Drive, filled: JoinForm, status: int = 200) -> HttpResponse:
    ref = _ref(str(filled["unit"].value() or ""))
    try:
        place = queries.get_place(drive, ref) if ref else None
    except NotFound:
        place = None
    notice = consent.current_notice(drive.notice_key)
    shown = {
        "drive": drive, "form": filled, "place": place, "above": queries.above([place])[place.pk] if place else [],
        "notice": notice, "kiosk": request.session.get("kiosk"),
    }  # fmt: skip
    return render(request, "recruitment/form.html", shown, status=status)


@never_cache
@require_safe
def send(request: HttpRequest, key: str) -> HttpResponse:
    """Reached by redirect once the number is proved: the person pressed "send" before the code, so no second press."""
    drive = queries.get_drive(key=key)
    holder, draft = _holder(request), _ref(request.GET.get("draft"))
    if holder is None or draft is None:
        return redirect("recruitment:status")
    try:
        _join(request, drive, draft)
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
    holder = _holder(request)
    services.join(
        actor=request.actor,  # type: ignore[attr-defined]
        drive=drive,
        draft=draft,
        login_id=holder.login_id,
        holder_id=holder.pk,
        language=language.current(),
        channel="kiosk" if request.session.get("kiosk") else "web",
        session_key=request.session.session_key or "",
        now=timezone.now(),
    )


@never_cache
@require_safe
def kiosk(request: HttpRequest, key: str) -> HttpResponse:
    """Help somebody on a shared device: whoever was signed in is signed out, and nothing of the next one stays."""
    queries.get_drive(key=key)
    logout(request)
    request.session["kiosk"] = True
    request.session.set_expiry(0)
    return redirect("recruitment:join", key)


@never_cache
@get_or_post
@limited("status")
def status(request: HttpRequest) -> HttpResponse:
    """What became of my application: number and code, then the answer."""
    if _holder(request) is None:
        return _ask_number(request)
    mine = queries.my_applications(request.actor)  # type: ignore[attr-defined]
    shown = {
        "applications": [(found, spoken_receipt(found.receipt)) for found in mine],
        "just_joined": JOINED in request.COOKIES,
        "kiosk": request.session.get("kiosk"),
    }
    page = render(request, "recruitment/status.html", shown)
    if JOINED in request.COOKIES:
        page.delete_cookie(JOINED, path=reverse("recruitment:status"))
    return page


def _ask_number(request: HttpRequest) -> HttpResponse:
    asked = PhoneForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        try:
            return sessions.start_login(
                request, phone=asked.cleaned_data["phone"], next_url=reverse("recruitment:status"), now=timezone.now()
            )
        except LimitReached as error:
            asked.add_error("phone", str(error))
    return render(request, "recruitment/status_ask.html", {"form": asked}, status=422 if asked.errors else 200)


@require_POST
def withdraw(request: HttpRequest, ref: UUID) -> HttpResponse:
    services.withdraw(actor=request.actor, ref=ref, now=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("Your application is withdrawn. You can apply again at any time."))
    return redirect("recruitment:status")


def _desk(request: ActedRequest) -> Actor:
    """The actor of a desk page. Raises NotFound for whoever has no such door."""
    actor = request.actor
    if not access.may_anywhere(actor, "recruitment.view"):
        raise NotFound
    return actor


@require_safe
@limited("search", when=is_asking("words"))
@signed_in
def applicants(request: ActedRequest) -> HttpResponse:
    """Who waits for a seat in my charge, the longest waiting first."""
    actor = _desk(request)
    narrowed = ApplicantFilter(request.GET)
    filters = narrowed.filters()
    rows = queries.applicants(actor, filters)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    people_shown = people.names_and_masks(actor, [row.person_id for row in page], reason="applicants")
    shown = {
        "page": page, "form": narrowed, "unit": queries.filter_unit(actor, filters),
        "counts": queries.state_counts(actor),
        "rows": [(row, *people_shown.get(row.person_id, ("", ""))) for row in page], "now": timezone.now(),
    }  # fmt: skip
    return render(request, "recruitment/applicants.html", shown)


@require_safe
@signed_in
def applicant(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One applicant, with the vacant seats near their place."""
    actor = _desk(request)
    found = queries.get_application(actor=actor, ref=ref)
    name, masked = people.names_and_masks(actor, [found.person_id], reason="applicant").get(found.person_id, ("", ""))
    shown = {
        "application": found, "name": name, "masked": masked, "above": queries.above([found.unit])[found.unit_id],
        "skills": [rules.SKILLS[key] for key in found.skills if key in rules.SKILLS],
        "seats": queries.seats_for(actor, found) if found.state == found.State.SUBMITTED else [],
    }  # fmt: skip
    return render(request, "recruitment/applicant.html", shown)


@require_POST
@signed_in
def offer(request: ActedRequest, ref: UUID) -> HttpResponse:
    seat = _ref(request.POST.get("seat"))
    if seat is None:
        raise BadInput(_("Please choose a seat."))
    services.offer_seat(actor=_desk(request), ref=ref, seat_ref=seat, now=timezone.now())
    messages.success(request, _("The seat is offered. It counts as filled when the person accepts."))
    return redirect("recruitment:applicant", ref)


@require_safe
@signed_in
def drives(request: ActedRequest) -> HttpResponse:
    """The join pages that reach into my charge, with the address to pass on."""
    actor, now = _desk(request), timezone.now()
    mine = {unit.pk for unit in queries.drive_scopes(actor)}
    rows = [
        (
            drive,
            request.build_absolute_uri(reverse("recruitment:join", args=[drive.key])),
            rules.is_open(drive, now=now),
            drive.scope_id in mine,
        )
        for drive in queries.drives(actor)
    ]
    return render(request, "recruitment/drives.html", {"rows": rows, "may_open": bool(mine), "now": now})


@get_or_post
@signed_in
def drive_new(request: ActedRequest) -> HttpResponse:
    """Open a call to join."""
    actor, now = _desk(request), timezone.now()
    units = queries.drive_scopes(actor)
    if not units:
        raise NotFound
    form = DriveForm(request.POST or None, units=units, wings=queries.all_wings(), initial={"opens_on": local_day(now)})
    if request.method == "POST" and form.is_valid():
        try:
            services.open_drive(actor=actor, **form.drive(now))
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The page to join is there. Pass its address on."))
            return redirect("recruitment:drives")
    return render(request, "recruitment/drive_new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@signed_in
def drive_close(request: ActedRequest, key: str) -> HttpResponse:
    services.close_drive(actor=_desk(request), key=key, now=timezone.now())
    messages.success(request, _("Closed. Nobody can apply any more; applications stay."))
    return redirect("recruitment:drives")
