"""Entries that may be one person: the list, two side by side, joining, and parting again."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from toli.kit.errors import NotFound
from toli.org import access, queries, services
from toli.org.forms import MergeForm, PairFilter
from toli.org.queries import duplicates
from toli.people import queries as people_queries
from toli.people.models import DuplicatePair
from toli.ui.pages import ActedRequest, signed_in

PAGE = 25


@require_safe
@signed_in
def pairs(request: ActedRequest) -> HttpResponse:
    """Pairs to look at in my charge, the surest first, and what was joined and can still be parted."""
    if not access.visible(request.actor, duplicates.RIGHT):
        raise NotFound()
    form = PairFilter(request.GET)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    page = Paginator(duplicates.pairs_in_charge(request.actor, why=why), PAGE).get_page(request.GET.get("page"))
    rows: list[DuplicatePair] = list(page.object_list)
    persons = [p for pair in rows for p in (pair.a, pair.b)]
    cards = queries.cards(request.actor, persons, reason="duplicates")
    page.object_list = list(zip(rows, cards[::2], cards[1::2], strict=True))  # type: ignore[arg-type,assignment]
    merges = list(duplicates.merges_in_charge(request.actor, now=timezone.now())[:PAGE])
    kept = queries.cards(request.actor, [merge.kept for merge in merges], reason="joined entries")
    context = {"page": page, "filter_form": form, "merges": list(zip(merges, kept, strict=True))}
    return render(request, "org/duplicates.html", context)


@require_POST
@signed_in
def look(request: ActedRequest) -> HttpResponse:
    found = services.look_for_duplicates(actor=request.actor, now=timezone.now())
    messages.success(request, ngettext("%(n)s new pair found.", "%(n)s new pairs found.", found) % {"n": found})
    return redirect("org:duplicates")


@require_safe
@signed_in
def pair(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Two entries side by side, a chooser in each line. `?keep=b` turns round which of the two stays."""
    found = duplicates.get_pair(actor=request.actor, ref=ref)
    persons = [found.a, found.b] if request.GET.get("keep") != "b" else [found.b, found.a]
    entries = people_queries.entries(actor=request.actor, persons=persons, reason="compared two entries")
    cards = queries.cards(request.actor, persons, reason="compared two entries")
    seats = [list(duplicates.live_appointments(p)) for p in persons]
    form = MergeForm(entries=entries, homes=[card.home for card in cards])
    context = {"pair": found, "entries": entries, "cards": cards, "seats": seats, "form": form, "kept": persons[0]}
    return render(request, "org/duplicate.html", context | {"turned": request.GET.get("keep") == "b"})


@require_POST
@signed_in
def different(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.call_different(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Noted: two persons. This pair is not suggested again."))
    return redirect("org:duplicates")


@require_POST
@signed_in
def merge(request: ActedRequest, ref: UUID) -> HttpResponse:
    found = duplicates.get_pair(actor=request.actor, ref=ref)
    turned = request.POST.get("keep") == str(found.b.ref)
    kept, gone = (found.b, found.a) if turned else (found.a, found.b)
    take = MergeForm.choices_in(request.POST)
    services.merge_persons(actor=request.actor, kept_ref=kept.ref, gone_ref=gone.ref, take=take, now=timezone.now())
    messages.success(request, _("The two entries are one now. For 30 days this can be undone from the list below."))
    return redirect("org:duplicates")


@require_POST
@signed_in
def undo(request: ActedRequest, ref: UUID) -> HttpResponse:
    lost = services.undo_merge(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The two entries are apart again, with what each of them had."))
    if lost:
        said = ngettext("%(n)s seat has a new holder and stays theirs.", "%(n)s seats have new holders.", lost)
        messages.warning(request, said % {"n": lost})
    return redirect("org:duplicates")
