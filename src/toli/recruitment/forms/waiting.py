"""Input of the page of the waiting line."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.recruitment.models import WaitingLine


class LineForm(forms.Form):
    """When people wait before the join form."""

    mode = forms.ChoiceField(label=_("People wait in line"), choices=WaitingLine.Mode.choices, widget=forms.RadioSelect)
    most_busy = forms.IntegerField(
        label=_("Begins when the servers are so busy, in percent"), min_value=10, max_value=100,
        help_text=_("Of the requests they can answer at once, five seconds in a row."),
    )  # fmt: skip
    slowest_ms = forms.IntegerField(
        label=_("Begins when the form takes so long, in thousandths of a second"), min_value=100, max_value=30_000,
        help_text=_("On average, five seconds in a row."),
    )  # fmt: skip
