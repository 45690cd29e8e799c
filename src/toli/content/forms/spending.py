"""Input of the ledger's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from toli.content.ledger import AMOUNT_LENGTH, PAYEE_LENGTH, PURPOSE_LENGTH, Payment
from toli.content.models import Spend
from toli.content.queries.spending import Wanted
from toli.kit.ids import uuid7
from toli.org.models import Unit
from toli.ui.forms import UnitChoice

PAPERS = "application/pdf,image/jpeg,image/png"


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


class PaymentForm(forms.Form):
    """One payment; what is missing is said by the rule that every entry passes."""

    ref = forms.UUIDField(widget=forms.HiddenInput)
    account = forms.ChoiceField(label=_("Whose account"), choices=Spend.Account.choices)
    head = forms.ChoiceField(label=_("Spent on"), choices=Spend.Head.choices)
    on_date = _day(_("Day"))
    amount = forms.CharField(
        label=_("Amount, as the paper states it"), max_length=AMOUNT_LENGTH,
        help_text=_("For example ₹12,500 or 1.2 lakh."),
    )  # fmt: skip
    payee = forms.CharField(label=_("Paid to"), max_length=PAYEE_LENGTH)
    purpose = forms.CharField(label=_("For what"), max_length=PURPOSE_LENGTH)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ref"].initial = uuid7()

    @property
    def payment(self) -> Payment:
        return Payment(**{name: self.cleaned_data[name] for name in Payment.__slots__})


class SpendForm(PaymentForm):
    unit = UnitChoice(label=_("For"), queryset=None, to_field_name="ref")
    paper = forms.FileField(  # told by its content, in `intake.py`
        label=_("Bill or receipt"), required=False, help_text=_("A PDF or a picture of the paper."),
        widget=forms.ClearableFileInput(attrs={"accept": PAPERS}),
    )  # fmt: skip

    field_order = ("unit", "account", "head", "on_date", "amount", "payee", "purpose", "paper", "ref")

    def __init__(self, *args: Any, places: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = places  # type: ignore[attr-defined]

    @property
    def upload(self) -> UploadedFile | None:
        return self.cleaned_data.get("paper") or None


class CorrectForm(PaymentForm):
    """Why a row is wrong, and what is right instead."""

    reason = forms.CharField(label=_("What is wrong with the row"), max_length=500)
    only_back = forms.BooleanField(label=_("Only take it back: nothing was paid"), required=False)

    field_order = ("reason", "only_back", "account", "head", "on_date", "amount", "payee", "purpose", "ref")


class SpendFilterForm(forms.Form):
    account = forms.ChoiceField(
        label=_("Whose account"), required=False, choices=[("", _("All")), *Spend.Account.choices]
    )
    unit = UnitChoice(label=_("Place"), queryset=None, to_field_name="ref", required=False, empty_label=_("All"))
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, places: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = places  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        found = self.cleaned_data if self.is_valid() else {}
        return Wanted(found.get("account", ""), found.get("unit"), found.get("since"), found.get("until"))
