"""The register of groups at the desk, and an admin's own groups on the phone."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toli.broadcasts import forms, queries, services, share
from toli.broadcasts.groups import room_in, size_of, split
from toli.broadcasts.models import Group
from toli.kit import language
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.org import queries as org
from toli.people import queries as people
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

get_or_post = require_http_methods(["GET", "POST"])


@require_GET
@signed_in
def groups(request: ActedRequest) -> HttpResponse:
    """Groups of my charge with what their admins said, and the places that have none."""
    actor = request.actor
    if not access.may_anywhere(actor, queries.GROUPS):
        raise NotFound()
    asked, without = forms.GroupFilterForm(request.GET), forms.WithoutForm(request.GET)
    words, kind = (asked.cleaned_data["q"], asked.cleaned_data["kind"]) if asked.is_valid() else ("", "")
    level = without.cleaned_data["level"] if without.is_valid() else ""
    rows = queries.groups_in_charge(actor, words=words, kind=kind)
    context = {
        "rows": Paginator(rows, 50).get_page(request.GET.get("page")),
        "filters": asked, "without": without, "level": level or "constituency",
        "missing": queries.units_without(actor, level=level or "constituency"),
        "tops": org.roots(actor, queries.GROUPS),
    }  # fmt: skip
    return render(request, "broadcasts/groups.html", context)


@get_or_post
@signed_in
def add(request: ActedRequest, ref: UUID) -> HttpResponse:
    """A group of one place that exists, or that somebody will make."""
    unit = org.get_unit(actor=request.actor, ref=ref, right=queries.GROUPS)
    form = forms.GroupForm(request.POST or None, initial={"name": language.text_of(unit.names)})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.register_group(
                actor=request.actor, unit=unit, kind=form.cleaned_data["kind"], said=form.said(), now=timezone.now()
            )
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("In the register. Now name who posts in it."))
            return redirect("broadcasts:group", made.ref)
    shown = {"form": form, "unit": unit}
    return render(request, "broadcasts/group_form.html", shown, status=422 if form.errors else 200)


@get_or_post
@signed_in
def plan(request: ActedRequest, ref: UUID) -> HttpResponse:
    """How many groups a place's members need; a press writes them into the register."""
    actor, now = request.actor, timezone.now()
    unit = org.get_unit(actor=actor, ref=ref, right=queries.GROUPS)
    asked = request.GET.get("kind", "")
    kind = asked if asked in Group.Kind.values else str(Group.Kind.WHATSAPP)
    if request.method == "POST":
        made = services.plan_groups(actor=actor, unit=unit, kind=kind, now=now)
        said = ngettext("%(n)s group stands in the register.", "%(n)s groups stand in the register.", len(made))
        messages.success(request, said % {"n": len(made)})
        return redirect("broadcasts:groups")
    branch = queries.branch_of(unit)
    room = room_in(kind, local_day(now))
    context = {
        "unit": unit, "kind": kind, "kinds": Group.Kind.choices, "members": branch.members, "room": room,
        "size": size_of(kind, local_day(now)), "planned": split(branch, room),
        "stands": queries.planned_below(unit, kind),
    }  # fmt: skip
    return render(request, "broadcasts/groups_plan.html", context)


@get_or_post
@signed_in
def group(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One group: what is said of it, its admins, and what stands ready for it."""
    actor, now = request.actor, timezone.now()
    found = queries.get_group(actor=actor, ref=ref)
    form = forms.KnownGroupForm(request.POST or None, initial=forms.values_of_group(found))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_group(actor=actor, ref=ref, said=form.said(), now=now)
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("broadcasts:group", ref)
    admins, holders = list(found.admins.select_related("person")), queries.people_to_name(found, now=now)
    names = people.given_names([one.person_id for one in (*admins, *holders)])
    context = {
        "group": found, "form": form, "admins": [(one, names.get(one.person_id, "")) for one in admins],
        "holders": [(one, names.get(one.person_id, "")) for one in holders],
        "pack": queries.packs([found], language=language.current(), sharer="", now=now)[0],
        "size": size_of(found.kind, local_day(now)),
    }  # fmt: skip
    return render(request, "broadcasts/group.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def close(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.close_group(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Closed. Nobody is sent there any more."))
    return redirect("broadcasts:groups")


@require_POST
@signed_in
def name_admin(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.name_admin(actor=request.actor, ref=ref, person_ref=_person(request), now=timezone.now())
    messages.success(request, _("Named. The texts for this group are on their page now."))
    return redirect("broadcasts:group", ref)


@require_POST
@signed_in
def remove_admin(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.remove_admin(actor=request.actor, ref=ref, person_ref=_person(request))
    messages.success(request, _("Removed."))
    return redirect("broadcasts:group", ref)


def _person(request: ActedRequest) -> UUID:
    try:
        return UUID(request.POST.get("person", ""))
    except ValueError as error:
        raise NotFound() from error


# On the phone


@never_cache
@require_GET
@signed_in
def mine(request: ActedRequest) -> HttpResponse:
    """Groups I belong in, and what I post in those I run."""
    actor, now = request.actor, timezone.now()
    link = queries.stream_for(actor, now=now)
    sharer = share.sharer(actor, link.unit, language.current()) if link else ""
    run = queries.groups_i_post_in(actor)
    packs = queries.packs(run, language=language.current(), sharer=sharer, now=now)
    told = [(pack, _tell_form(pack.group)) for pack in packs]
    return render(request, "broadcasts/my_groups.html", {"mine": queries.my_groups(actor), "packs": told})


def _tell_form(group: Group) -> forms.TellForm:
    return forms.TellForm(initial=forms.values_of_group(group), prefix=str(group.pk))


@require_POST
@signed_in
def tell(request: ActedRequest, ref: UUID) -> HttpResponse:
    """The admin's word on link and size."""
    found, _person_id = queries.get_group_i_post_in(actor=request.actor, ref=ref)
    form = forms.TellForm(request.POST, prefix=str(found.pk))
    if not form.is_valid():
        messages.error(request, _("That is not a number of people. Nothing was changed."))
        return redirect("broadcasts:my_groups")
    try:
        services.tell_group(
            actor=request.actor, ref=ref, link=form.cleaned_data["link"].strip(), members=form.cleaned_data["members"],
            now=timezone.now(),
        )  # fmt: skip
    except BadInput as error:
        messages.error(request, " ".join(str(sentence) for sentence in error.fields.values()))
    else:
        messages.success(request, _("Saved. Thank you!"))
    return redirect("broadcasts:my_groups")


@require_POST
@signed_in
def posted(request: ActedRequest, ref: UUID, item_ref: UUID) -> HttpResponse:
    services.say_posted(actor=request.actor, ref=ref, item_ref=item_ref, now=timezone.now())
    messages.success(request, _("Noted: it stands in the group. Thank you!"))
    return redirect("broadcasts:my_groups")
