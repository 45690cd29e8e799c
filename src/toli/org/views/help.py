"""Help to sign in: the person's own pages, and the officers' desk."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toli.accounts import queries as accounts_queries
from toli.accounts import services as accounts
from toli.accounts import sessions
from toli.accounts.forms import PhoneForm
from toli.accounts.models import Login
from toli.accounts.views.login import CODE_PROBLEMS, PIN_PROBLEMS, signed_in
from toli.kit import language
from toli.kit.dates import datetime_text
from toli.kit.errors import BadInput, LimitReached, NotFound, WrongState
from toli.org import access, queries, services
from toli.org.forms import MovedForm, ProvedNumberForm, ReasonForm
from toli.people.models import Person
from toli.ui.pages import ActedRequest, holder_signed_in
from toli.ui.pages import signed_in as person_signed_in

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
NEW_NUMBER = "new_number_code"


# Nobody is in yet


@never_cache
@get_or_post
def lost_proof(request: HttpRequest) -> HttpResponse:
    """Between the code and the second proof: say that it is lost, see who has confirmed, or take it back."""
    login = sessions.login_at_the_door(request)
    if login is None:
        return redirect("accounts:phone")
    person = queries.person_alone_on(login.pk)
    if request.method == "POST":
        services.ask_for_proof(login_id=login.pk, now=timezone.now())
        messages.success(request, _("Two officers above you were asked. You get an SMS at each step."))
        return redirect("org:lost_proof")
    shown = {"asked": queries.open_help_of(person, now=timezone.now()) if person else [], "can_ask": person is not None}
    return render(request, "org/lost_proof.html", shown)


@never_cache
@require_POST
def ask_return(request: HttpRequest) -> HttpResponse:
    """A number that was quiet for 90 days, and no PIN."""
    if not isinstance(request.user, Login) or not sessions.is_freshly_proved(request, now=timezone.now()):
        return redirect("accounts:phone")
    who = sessions.read_ref(request.POST.get("who"))
    if who is None:
        raise BadInput(_("Please say who you are."))
    services.ask_to_come_back(login_id=request.user.pk, holder_ref=who, now=timezone.now())
    messages.success(request, _("Your coordinator was asked. You get an SMS when you can come in."))
    return redirect("accounts:who")


# A new number


@never_cache
@get_or_post
@person_signed_in
def new_number(request: ActedRequest) -> HttpResponse:
    """I have a new number: it is proved by a code first."""
    if request.session.get("kiosk"):
        messages.error(request, _("Please do this on a phone of your own."))
        return redirect("accounts:security")
    form = PhoneForm(request.POST or None)
    form.fields["phone"].label = _("Your new number")
    if request.method == "POST" and form.is_valid():
        try:
            return _ask_new(request, form.cleaned_data["phone"], now=timezone.now())
        except LimitReached as error:
            form.add_error("phone", str(error))
    return render(request, "org/new_number.html", {"form": form}, status=422 if form.errors else 200)


def _ask_new(request: ActedRequest, phone: str, *, now: datetime) -> HttpResponse:
    asked = accounts.ask_code(
        phone=phone,
        cookie=request.COOKIES.get(sessions.DEVICE_COOKIE, ""),
        address=request.META.get("REMOTE_ADDR") or "",
        language=getattr(request, "LANGUAGE_CODE", "hi"),
        now=now,
    )
    request.session[NEW_NUMBER] = str(asked.ref)
    response = redirect("org:prove_number")
    sessions.set_device_cookie(response, asked.cookie, kiosk=False, secure=request.is_secure())
    return response


@never_cache
@get_or_post
@person_signed_in
def prove_number(request: ActedRequest) -> HttpResponse:
    """The code of the new number and the PIN: then this person moves, and nobody else."""
    ref = sessions.read_ref(request.session.get(NEW_NUMBER))
    if ref is None:
        return redirect("org:new_number")
    form = ProvedNumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _try_to_move(request, ref, form, now=timezone.now())
        if done is not None:
            return done
    shown = {
        "form": form,
        "masked": accounts_queries.code_mask(ref=ref),
        "demo_code": accounts_queries.demo_code(ref=ref, now=timezone.now()),
    }
    return render(request, "org/prove_number.html", shown, status=422 if form.errors else 200)


def _try_to_move(request: ActedRequest, ref: UUID, form: ProvedNumberForm, *, now: datetime) -> HttpResponse | None:
    """The PIN first: a wrong one must not use up the code. None when something did not fit."""
    pin, number = form.cleaned_data["pin"], accounts_queries.code_phone(ref=ref)
    problem = accounts.try_pin(holder_id=request.holder.pk, pin=pin, now=now) if pin else ""
    if problem:
        form.add_error("pin", PIN_PROBLEMS[problem])
        return None
    outcome = accounts.check_code(
        ref=ref,
        cookie=request.COOKIES.get(sessions.DEVICE_COOKIE, ""),
        typed=form.cleaned_data["code"],
        agent=sessions.agent_of(request),
        now=now,
    )
    if outcome.login is None:
        form.add_error("code", CODE_PROBLEMS[outcome.problem])
        return None
    del request.session[NEW_NUMBER]
    if not pin:
        services.ask_for_number(person=request.person, login_id=outcome.login.pk, number=number, now=now)
        messages.success(request, _("Your coordinator was asked. Until then your old number stays."))
        return redirect("org:my_help")
    services.change_number(
        actor=request.actor, person=request.person, login_id=outcome.login.pk, number=number, now=now
    )
    sessions.next_person(request)
    messages.success(request, _("Your number is changed. Your seats and your work are as they were."))
    return signed_in(request, outcome, now=now)


@never_cache
@get_or_post
@holder_signed_in
def moved(request: ActedRequest) -> HttpResponse:
    """Signed in with a new number, and not known by it: I was here with another one."""
    if request.person or not sessions.is_freshly_proved(request, now=timezone.now()):
        return redirect("accounts:next" if request.person else "accounts:again")
    form = MovedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _claim(request, form, now=timezone.now())
        if done is not None:
            return done
    return render(request, "org/moved.html", {"form": form}, status=422 if form.errors else 200)


def _claim(request: ActedRequest, form: MovedForm, *, now: datetime) -> HttpResponse | None:
    """The answer never says whether somebody of that name and number is here."""
    accounts.spend("claim", by={"person": f"login:{request.user.pk}"}, now=now)
    given, login_id = form.cleaned_data, request.holder.login_id
    person = queries.person_named(number=given["phone"], name=given["name"])
    number = accounts_queries.proved_phone(login_id=login_id)
    if not given["pin"]:
        with suppress(WrongState, LimitReached):  # either would say that such a person is here
            if person is not None:
                services.ask_for_number(person=person, login_id=login_id, number=number, now=now)
        messages.success(request, _("If number and name fit together, your coordinator was asked. You get an SMS."))
        return redirect("accounts:next")
    holder_id = person.holder_id if person is not None else None
    if person is None or holder_id is None or accounts.try_pin(holder_id=holder_id, pin=given["pin"], now=now):
        form.add_error(None, _("Number, name and PIN do not fit together."))
        return None
    services.change_number(actor=request.actor, person=person, login_id=login_id, number=number, now=now)
    if accounts_queries.has_second_factor(login_id):
        sessions.next_person(request)  # a second proof came along: it is asked at the door, as always
    else:
        sessions.put_holder(request, queries.get_holder(holder_id), now=now)
    messages.success(request, _("Your number is changed. Your seats and your work are as they were."))
    return redirect("accounts:next")


# What I asked for


@never_cache
@require_safe
@person_signed_in
def my_help(request: ActedRequest) -> HttpResponse:
    return render(request, "org/my_help.html", {"asked": queries.help_of(request.person)})


@never_cache
@require_POST
def cancel_help(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Also between the code and the second proof: whoever finds the app again takes it back."""
    person = getattr(request, "person", None) or _person_at_the_door(request)
    if not person:
        raise NotFound
    services.cancel_help(actor=request.actor, person=person, ref=ref, now=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("It was taken back. Nothing was changed."))
    return redirect("org:my_help" if request.user.is_authenticated else "org:lost_proof")


@never_cache
@get_or_post
def stop_number(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the old number's SMS: one button, no sign-in. Opening it alone changes nothing, because phones look
    at links before people do.
    """
    now = timezone.now()
    asked = queries.help_to_stop(token=token)
    if request.method == "POST":
        asked = services.stop_help(token=token, now=now)
    return render(request, "org/stop_number.html", {"asked": asked, "until": asked.waits_until})


def _person_at_the_door(request: HttpRequest) -> Person | None:
    login = sessions.login_at_the_door(request)
    return queries.person_alone_on(login.pk) if login else None


# The officers


@require_safe
@person_signed_in
def desk(request: ActedRequest) -> HttpResponse:
    """Who of my area waits to be let in."""
    if not access.visible(request.actor, queries.help.RIGHT):
        raise NotFound
    rows = queries.waiting_help(request.actor, now=timezone.now())
    cards = queries.cards(request.actor, [row.help.person for row in rows], reason="help to sign in")
    shown = {"rows": list(zip(rows, cards, strict=True)), "reason_form": ReasonForm()}
    return render(request, "org/help.html", shown)


@require_POST
@person_signed_in
def confirm_help(request: ActedRequest, ref: UUID) -> HttpResponse:
    done = services.confirm_help(actor=request.actor, ref=ref, now=timezone.now())
    if done.closed_at:
        messages.success(request, _("Done. The person can sign in and was told."))
    elif done.waits_until:
        until = datetime_text(done.waits_until, language.current())
        said = _("Your confirmation is kept. The number changes at %(until)s, unless the old number stops it. A second"
                 " officer can do it at once.")  # fmt: skip
        messages.success(request, said % {"until": until})
    else:
        messages.success(request, _("Your confirmation is kept. One more officer must confirm."))
    return redirect("org:person", done.person.ref)


@require_POST
@person_signed_in
def refuse_help(request: ActedRequest, ref: UUID) -> HttpResponse:
    queries.get_help(actor=request.actor, ref=ref)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("Please give a reason; it is kept with the record."))
    reason = form.cleaned_data["reason"]
    done = services.refuse_help(actor=request.actor, ref=ref, reason=reason, now=timezone.now())
    messages.success(request, _("Refused. Nothing was changed, and the person was told."))
    return redirect("org:person", done.person.ref)


@require_POST
@person_signed_in
def clear_pin(request: ActedRequest, ref: UUID) -> HttpResponse:
    person = services.clear_pin_of(actor=request.actor, person_ref=ref, now=timezone.now())
    messages.success(request, _("The PIN is cleared. The person makes a new one after the next code."))
    return redirect("org:person", person.ref)


@require_POST
@person_signed_in
def sign_out(request: ActedRequest, ref: UUID) -> HttpResponse:
    person = services.sign_out_person(actor=request.actor, person_ref=ref, now=timezone.now())
    messages.success(request, _("This person is signed out everywhere."))
    return redirect("org:person", person.ref)
