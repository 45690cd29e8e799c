"""The volunteer's pulse."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toli.broadcasts import forms, queries, services, share
from toli.kit import language
from toli.kit.errors import BadInput, NotFound
from toli.ui.pages import ActedRequest, signed_in


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def mine(request: ActedRequest) -> HttpResponse:
    """My stream as a page: works without JavaScript, one WhatsApp link for each text.

    One's own words come by POST and stand before the texts of this answer; they are kept nowhere.
    """
    words = share.own_words(request.POST.get("words", ""))
    actor, now = request.actor, timezone.now()
    if actor.person_id is None:
        raise NotFound()
    link = queries.stream_for(actor, now=now, language=language.current())
    shown = queries.shown_of(link, now=now) if link else None
    sharer = share.sharer(actor, link.unit, language.current()) if link else ""
    links = share.links_of(link.unit) if link else ""
    told = shown["items"] if shown else []
    items = [share.line(one, sharer=sharer, now=now, words=words, links=links) for one in told]
    chosen = link.unit.ref if link and not link.own else None
    listening = forms.ListeningForm(initial=forms.values_of_listening(queries.listening_of(actor)))
    form = forms.FollowForm(units=queries.constituencies_to_follow(actor), initial={"unit": chosen})
    context = {
        "link": link, "shown": shown, "items": items, "form": form, "silent_until": share.silent_until(shown),
        "words": words, "listening": listening,
    }  # fmt: skip
    return render(request, "broadcasts/mine.html", context)


@never_cache
@require_GET
@signed_in
def addresses(request: ActedRequest) -> JsonResponse:
    """New addresses for a phone whose old ones end."""
    link = queries.stream_for(request.actor, now=timezone.now(), language=language.current())
    if link is None:
        return JsonResponse({}, status=404)
    return JsonResponse({"url": link.url, "tell": link.tell_url, "renew_at": int(link.renew_at.timestamp())})


@require_POST
@signed_in
def follow(request: ActedRequest) -> HttpResponse:
    actor = request.actor
    form = forms.FollowForm(request.POST, units=queries.constituencies_to_follow(actor))
    if not form.is_valid():
        raise NotFound()
    unit = form.cleaned_data["unit"]
    services.follow(actor=actor, unit_ref=unit.ref if unit else None, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("broadcasts:mine")


@require_POST
@signed_in
def listen(request: ActedRequest) -> HttpResponse:
    """How the pulse comes: each text or once an hour, and quiet hours."""
    form = forms.ListeningForm(request.POST)
    try:
        if not form.is_valid():
            raise BadInput(_("That is not an hour. Nothing was changed."))
        services.choose_listening(actor=request.actor, choice=form.choice(), now=timezone.now())
    except BadInput as error:
        messages.error(request, " ".join(map(str, error.fields.values())) or str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("broadcasts:mine")
