"""Pages of the ledger of spending, and its statement as a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toli.accounts.sessions import limited
from toli.content import forms, ledger, queries, rules, services
from toli.content.models import Media, Spend
from toli.content.views.items import ON_A_PAGE, get_or_post, posted, require_right, status_of
from toli.elections.law import rule_on
from toli.kit import csvfile, language
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput
from toli.org import access
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RIGHT = "content.spend"


def _filter(actor: Actor, data: Any) -> forms.SpendFilterForm:
    return forms.SpendFilterForm(data, places=queries.places_to_spend_for(actor))


@require_GET
@signed_in
def spends(request: ActedRequest) -> HttpResponse:
    """The ledger, with the sums by place and head above it."""
    return _ledger(request, request.GET)


def _keeper(request: ActedRequest) -> Actor:
    """Whoever keeps a ledger somewhere, second proof shown. Raises NotFound or NeedsSecondFactor."""
    actor = require_right(request, RIGHT)
    access.require_second_factor(actor, RIGHT)
    return actor


def _ledger(request: ActedRequest, data: Any, error: BadInput | None = None) -> HttpResponse:
    actor = _keeper(request)
    form = _filter(actor, data)
    rows = queries.spends(actor, form.wanted)
    sums = queries.totals(rows)
    accounts, heads = dict(Spend.Account.choices), dict(Spend.Head.choices)
    for row in sums:
        row["account_name"], row["head_name"] = accounts[row["account"]], heads[row["head"]]
    context = {
        "filter_form": form, "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")), "sums": sums,
        "whole": sum(row["paise"] for row in sums), "error": error,
        "rule": rule_on("money", local_day(timezone.now())),
    }  # fmt: skip
    return render(request, "content/spends.html", context, status=422 if error else 200)


@get_or_post
@signed_in
@limited("upload")
def spend_new(request: ActedRequest) -> HttpResponse:
    actor = _keeper(request)
    form = forms.SpendForm(posted(request), request.FILES or None, places=queries.places_to_spend_for(actor))
    if request.method == "POST" and form.is_valid():
        try:
            made = _enter(actor, form)
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Entered. A row is never changed; a wrong one is reversed."))
            return redirect("content:spend", made.ref)
    return render(request, "content/spend_form.html", {"form": form}, status=status_of(form))


def _enter(actor: Actor, form: forms.SpendForm) -> Spend:
    found, now = form.cleaned_data, timezone.now()
    unit = found["unit"]  # a bill is kept only with a payment that can be entered
    rules.check_payment(form.payment, is_constituency=unit.level.key == "constituency", today=local_day(now))
    return services.enter_spend(
        actor=actor, ref=found["ref"], unit=found["unit"], payment=form.payment, paper=_paper(actor, form), now=now
    )


def _paper(actor: Actor, form: forms.SpendForm) -> Media | None:
    if form.upload is None or form.upload.file is None:
        return None
    unit = form.cleaned_data["unit"]
    title = f"{form.cleaned_data['payee']} · {form.cleaned_data['on_date']}"
    rights = services.Rights(title, language.text_of(unit.names), Media.Licence.OWN)
    try:
        kept, _fresh = services.add_media(
            actor=actor, unit=unit, upload=form.upload.file, rights=rights, made=None, now=timezone.now()
        )
    except BadInput as error:
        raise BadInput(fields={"paper": next(iter(error.fields.values()), error.sentence)}) from None
    return kept


@require_GET
@signed_in
def spend(request: ActedRequest, ref: UUID) -> HttpResponse:
    return render(request, "content/spend.html", {"spend": queries.get_spend(actor=request.actor, ref=ref)})


@get_or_post
@signed_in
def correct(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Reverse a row; the right one is entered on the same page."""
    actor = request.actor
    found = queries.get_spend(actor=actor, ref=ref)
    before = {name: getattr(found, name) for name in ("account", "head", "on_date", "payee", "purpose")}
    form = forms.CorrectForm(posted(request), initial={**before, "amount": found.amount_said})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            reversal, right = services.correct_spend(
                actor=actor, ref=ref, reason=given["reason"], now=timezone.now(), new_ref=given["ref"],
                instead=None if given["only_back"] else form.payment,
            )  # fmt: skip
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The row is reversed. Both stay in the ledger."))
            return redirect("content:spend", (right or reversal).ref)
    return render(request, "content/spend_correct.html", {"form": form, "spend": found}, status=status_of(form))


@require_POST
@signed_in
@limited("export")
def export(request: ActedRequest) -> HttpResponseBase:
    """The statement as CSV or XLSX, by account, place and head with totals; why it is taken out is recorded."""
    actor = _keeper(request)
    wanted = _filter(actor, request.POST).wanted
    try:
        rows = services.export_spends(
            actor=actor, wanted=wanted, reason=request.POST.get("reason", "")[:500], now=timezone.now()
        )
    except BadInput as error:
        return _ledger(request, request.POST, error)
    lines = ledger.statement(_lines(rows), total=_("Total"))
    name = f"spending-{local_day(timezone.now()).isoformat()}"
    if request.POST.get("as") == "xlsx":
        answer = HttpResponse(ledger.workbook(_header(), lines), content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return answer
    file = StreamingHttpResponse(csvfile.write(_header(), lines), content_type="text/csv; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return file


def _header() -> list[str]:
    return [
        _("Place"), _("Whose account"), _("Spent on"), _("Day"), _("Amount in rupees"), _("As the paper states it"),
        _("Paid to"), _("For what"), _("Row"), _("Reverses the row"), _("What is wrong with the row"),
    ]  # fmt: skip


def _lines(rows: Iterable[Spend]) -> Iterable[ledger.Line]:
    for row in rows:
        yield ledger.Line(
            place=language.text_of(row.unit.names), account=str(row.get_account_display()),
            head=str(row.get_head_display()), on_date=row.on_date, paise=row.amount_paise, said=row.amount_said,
            payee=row.payee, purpose=row.purpose, number=str(row.pk),
            reverses=str(row.reverses_id or ""), reason=row.reason,
        )  # fmt: skip
