"""Input of the broadcast pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toli.broadcasts.choosing import Wanted
from toli.broadcasts.forms import UnitsChoice, moment
from toli.broadcasts.models import Audience
from toli.delivery.channels import CHANNELS
from toli.kit.language import text_of
from toli.org.models import Role, Unit, Wing

CHANNEL_NAMES = {"push": _("Notices on the phone"), "telegram": "Telegram", "email": _("E-mail"), "sms": "SMS"}
LANGUAGES = [("hi", "हिंदी"), ("en", "English")]


class NamedChoice(forms.ModelMultipleChoiceField):
    """Wings and roles by their names."""

    def label_from_instance(self, row: Any) -> str:
        return text_of(row.names) or str(row)


def _boxes(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


def _named(label: Any) -> NamedChoice:
    return NamedChoice(
        label=label, queryset=None, required=False, to_field_name="key", widget=forms.CheckboxSelectMultiple
    )


class BroadcastForm(forms.Form):
    """To whom, by which ways, and when."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    scope = UnitsChoice(
        label=_("Where"), queryset=None, to_field_name="ref", widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Everybody whose home lies there, with everything below."),
    )  # fmt: skip
    wings = _named(_("Only these wings"))
    roles = _named(_("Only these roles"))
    trained = _boxes(_("Only who has shown"))
    languages = _boxes(_("Only who reads"))
    channels = forms.MultipleChoiceField(
        label=_("Ways"), choices=CHANNEL_NAMES.items(), widget=forms.CheckboxSelectMultiple, initial=["push"],
        help_text=_("Each person gets it once, by the first of these ways that they opened and agreed to."),
    )  # fmt: skip
    starts_at = moment(_("From"))
    ends_at = moment(_("Until"))
    save_as = forms.CharField(label=_("Keep this choice of people as"), max_length=80, required=False)

    def __init__(
        self, *args: Any, units: QuerySet[Unit], wings: QuerySet[Wing], roles: QuerySet[Role], trained: list[str],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["scope"].queryset, fields["wings"].queryset, fields["roles"].queryset = units, wings, roles
        fields["trained"].choices = [(kind, kind) for kind in trained]
        if not trained:
            del fields["trained"]
        fields["languages"].choices = LANGUAGES

    def wanted(self) -> Wanted:
        found = self.cleaned_data
        return Wanted(
            scope=[unit.pk for unit in found["scope"]], wings=[wing.pk for wing in found["wings"]],
            roles=[role.pk for role in found["roles"]], trained=found.get("trained", []), languages=found["languages"],
        )  # fmt: skip

    @property
    def ways(self) -> list[str]:
        return [channel for channel in CHANNELS if channel in self.cleaned_data["channels"]]


def first_values(units: QuerySet[Unit], saved: Audience | None, now: datetime) -> dict[str, Any]:
    """From now for a day, to the whole of one's charge or to a saved choice."""
    start = timezone.localtime(now).replace(second=0, microsecond=0)
    first = units.first()
    values: dict[str, Any] = {
        "key": uuid4(), "starts_at": start, "ends_at": start + timedelta(days=1), "channels": ["push"],
        "scope": [first.ref] if first else [],
    }  # fmt: skip
    if saved is None:
        return values
    wanted = Wanted.of(saved.wanted)
    return values | {
        "scope": list(units.filter(pk__in=wanted.scope).values_list("ref", flat=True)),
        "wings": list(Wing.objects.filter(pk__in=wanted.wings).values_list("key", flat=True)),
        "roles": list(Role.objects.filter(pk__in=wanted.roles).values_list("key", flat=True)),
        "trained": list(wanted.trained), "languages": list(wanted.languages), "save_as": saved.name,
    }  # fmt: skip
