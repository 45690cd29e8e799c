"""Made-up values for the gallery of components. Nothing here is read from the database."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

COLUMNS = ("names", "norm", "accepted", "verified", "active", "silent", "grade")
ROWS = [
    ({"hi": "सहाड़ा", "en": "Sahara"}, 21, 21, 19, 14, 1, "A"),
    ({"hi": "राजसमंद", "en": "Rajsamand"}, 21, 17, 13, 9, 3, "B"),
    ({"hi": "सुजानगढ़", "en": "Sujangarh"}, 21, 9, 4, 3, 5, "C"),
    ({"hi": "वल्लभनगर", "en": "Vallabhnagar"}, 21, 0, None, 0, 0, "D"),
]


class SampleFilter(forms.Form):
    """What a list is filtered by."""

    words = forms.CharField(label=_("Name"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False, choices=[("", _("All")), ("1", "सहाड़ा")])


class SampleForm(forms.Form):
    """One field of each kind, so that every state can be looked at."""

    name = forms.CharField(label=_("Name"), help_text=_("As you want to be called"))
    unit = forms.ChoiceField(label=_("Unit"), choices=[("1", "सहाड़ा"), ("2", "राजसमंद")])
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agree = forms.BooleanField(label=_("I agree"), help_text=_("You can take this back at any time."))
    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect, choices=[("a", _("Board")), ("b", _("Tasks"))])


def sample(request: HttpRequest) -> dict[str, object]:
    """The values the three gallery pages draw."""
    now = timezone.now()
    return {
        "form": SampleForm(),
        "wrong_form": SampleForm({"name": "", "unit": "1", "note": "..."}, auto_id="wrong_%s"),
        "filter_form": SampleFilter(request.GET or None, auto_id="filter_%s"),
        "rows": [dict(zip(COLUMNS, row, strict=True)) for row in ROWS],
        "now": now,
        "before": now - timedelta(minutes=12),
        "large": 1234567,
        "phone": "+911000000210",
    }
