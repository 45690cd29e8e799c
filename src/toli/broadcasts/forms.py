"""Input of the release pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toli.broadcasts.audience import Plan
from toli.broadcasts.draw import PLACES
from toli.broadcasts.models import Release
from toli.broadcasts.rules import CHANNELS
from toli.kit.language import text_of
from toli.org.models import Unit
from toli.ui.forms import UnitChoice

MOMENT = "%Y-%m-%dT%H:%M"


class UnitsChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, unit: Any) -> str:
        return f"{text_of(unit.names)} ({text_of(unit.level.names)})"


def moment(label: Any) -> forms.DateTimeField:
    """A day and an hour, as a phone picks them."""
    return forms.DateTimeField(
        label=label, input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )  # fmt: skip


class ReleaseForm(forms.Form):
    """Audience, tier and time of a release."""

    scope = UnitsChoice(
        label=_("Where"), queryset=None, to_field_name="ref", widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("A district means every constituency in it."),
    )  # fmt: skip
    tier = forms.ChoiceField(label=_("For whom"), choices=Release.Audience.choices)
    starts_at = moment(_("From"))
    ends_at = moment(_("Until"))
    quota = forms.IntegerField(
        label=_("Places in a round"), min_value=1, max_value=PLACES, initial=12,
        help_text=_("A round has 24 places of 25 seconds. A large sheet shares them over many rounds."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].queryset = units  # type: ignore[attr-defined]

    def plan(self) -> Plan:
        found = self.cleaned_data
        return Plan(
            scope=[unit.pk for unit in found["scope"]], tier=found["tier"], channels=list(CHANNELS),
            starts_at=found["starts_at"], ends_at=found["ends_at"], quota=found["quota"],
        )  # fmt: skip


def first_values(units: QuerySet[Unit], now: datetime) -> dict[str, Any]:
    """From now for three days, to the whole of one's charge."""
    start = timezone.localtime(now).replace(second=0, microsecond=0)
    first = units.first()
    return {
        "scope": [first.ref] if first else [], "starts_at": start, "ends_at": start + timedelta(days=3), "quota": 12,
    }  # fmt: skip


def values_of(release: Release, units: list[Unit]) -> dict[str, Any]:
    return {
        "scope": [unit.ref for unit in units], "tier": release.tier, "quota": release.quota,
        "starts_at": timezone.localtime(release.starts_at), "ends_at": timezone.localtime(release.ends_at),
    }  # fmt: skip


class FollowForm(forms.Form):
    """Which constituency's stream a person follows."""

    unit = UnitChoice(label=_("Constituency"), queryset=None, to_field_name="ref", required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].empty_label = str(_("My own"))  # type: ignore[attr-defined]
