"""Input of the pages about how true the numbers are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.kit.language import text_of
from toli.org.models import Level
from toli.recruitment.calling import Outcome
from toli.recruitment.models import Cluster

WIDTHS = [("0.05", _("within 5 points")), ("0.03", _("within 3 points")), ("0.08", _("within 8 points"))]


class DrawForm(forms.Form):
    """A drawing of applicants to call back."""

    level = forms.ChoiceField(label=_("An estimate for each"))
    half_width = forms.TypedChoiceField(
        label=_("How exact"), choices=WIDTHS, coerce=float,
        help_text=_("Of an expected share of one in ten. More exact means more calls."),
    )  # fmt: skip

    def __init__(self, *args: Any, levels: list[Level], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(one.key, text_of(one.names)) for one in levels]  # type: ignore[attr-defined]


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What came of the call?"), choices=Outcome.choices, widget=forms.RadioSelect)


class ClusterForm(forms.Form):
    """A decision about a suspicious group."""

    state = forms.ChoiceField(
        label=_("What did you find?"), widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in (Cluster.State.CLEARED, Cluster.State.CONFIRMED)],
    )  # fmt: skip
    words = forms.CharField(
        label=_("How do you know?"), min_length=4, max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with the group. Please name nobody."),
    )  # fmt: skip
