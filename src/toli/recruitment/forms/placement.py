"""Input of the placement workbench and of appeals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.recruitment.appealing import REASON, WORDS


def points(label: Any, *, most: int = 100) -> forms.DecimalField:
    """Points with two digits; kept in hundredths."""
    return forms.DecimalField(label=label, required=False, min_value=0, max_value=most, decimal_places=2)


def hundredths(value: Any) -> int | None:
    return None if value is None else round(value * 100)


class WhatIfForm(forms.Form):
    """What a "what if" changes at every place; what is left empty stays as it is."""

    capacity_percent = forms.IntegerField(
        label=_("Seats, in percent of now"), required=False, min_value=0, max_value=1000
    )
    min_score = points(_("Lowest score"))
    residents = points(_("Points for who lives there"))
    wing = points(_("Points for the place's own wing"))
    no_shares = forms.BooleanField(label=_("Without reserved seats"), required=False)

    def changes(self) -> dict[str, Any]:
        """The changes as `priorities.changed` reads them."""
        given = self.cleaned_data
        found: dict[str, Any] = {}
        if given["capacity_percent"] is not None:
            found["capacity_percent"] = given["capacity_percent"]
        if given["min_score"] is not None:
            found["min_score"] = hundredths(given["min_score"])
        adds = {key: hundredths(given[key]) for key in ("residents", "wing") if given[key] is not None}
        if adds:
            found["preferences"] = adds
        if given["no_shares"]:
            found["shares"] = []
        return {"all": found} if found else {}


class AppealForm(forms.Form):
    """An appeal in one's own words."""

    words = forms.CharField(
        label=_("What was wrong?"), min_length=WORDS[0], max_length=WORDS[1], widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Two people who did not score you will read it and answer."),
    )  # fmt: skip


class VoteForm(forms.Form):
    """What one of the second panel thinks."""

    upholds = forms.ChoiceField(
        label=_("What do you think?"), widget=forms.RadioSelect,
        choices=[("yes", _("The appeal is right")), ("no", _("The score stays"))],
    )  # fmt: skip
    score = points(_("What the score ought to be"))
    reason = forms.CharField(
        label=_("Why"), min_length=REASON[0], max_length=REASON[1], widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The applicant reads this."),
    )  # fmt: skip

    def vote(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "upholds": given["upholds"] == "yes", "score": hundredths(given["score"]), "reason": given["reason"],
        }  # fmt: skip
