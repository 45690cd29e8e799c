"""Filling a template, and other words for one channel."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from toli.content import blanks, forms, queries, rules, services
from toli.content.models import Item
from toli.content.views.items import get_or_post, posted, require_right, status_of
from toli.kit.errors import BadInput, LimitReached, NotFound
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

FACTS_TO_CHOOSE = 200


@get_or_post
@signed_in
def fill(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One text for each chosen constituency, on a new sheet."""
    actor = require_right(request, "content.write")
    template = queries.get_item(actor=actor, ref=ref)
    if template.kind != Item.Kind.TEMPLATE:
        raise NotFound()
    recent = list(queries.facts(actor).values_list("pk", flat=True)[:FACTS_TO_CHOOSE])
    form = forms.FillTemplateForm(
        posted(request), desks=queries.desks_of(actor), facts=queries.facts(actor).filter(pk__in=recent),
        constituencies=queries.constituencies_for(actor),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            sheet = services.fill_template(
                actor=actor, ref=ref, unit=given["unit"], seats=form.chosen, fact=given["fact"], title=given["title"],
                now=timezone.now(),
            )  # fmt: skip
        except BadInput as error:
            add_refusal(form, error)
        except LimitReached as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("One text for each constituency. Read them once more, then send them."))
            return redirect("content:sheet", sheet.ref)
    context = {"form": form, "item": template, "blanks": blanks.BLANKS}
    return render(request, "content/template_fill.html", context, status=status_of(form))


@get_or_post
@signed_in
def channel(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Other words of an item for one channel; whoever said yes said it to the old ones."""
    actor = request.actor
    found = queries.get_item(actor=actor, ref=ref, right="content.write")
    rules.check_editable(found)
    asked = request.GET.get("channel", "")
    words = queries.channels_of(found).get(asked, {})
    first = {"channel": asked, **{f"text_{tag}": text for tag, text in words.items()}}
    form = forms.ChannelForm(posted(request), initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            services.word_for_channel(
                actor=actor, ref=ref, channel=form.cleaned_data["channel"], texts=form.texts, now=timezone.now()
            )
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Saved. Earlier approvals were for the old words and are gone."))
            return redirect("content:item", ref)
    return render(request, "content/channel_form.html", {"form": form, "item": found}, status=status_of(form))
