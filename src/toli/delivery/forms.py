"""What the desk may filter messages by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.delivery.models import Message
from toli.delivery.words import TEMPLATES

ANY = [("", _("All"))]


class OutboxFilter(forms.Form):
    state = forms.ChoiceField(label=_("Status"), required=False, choices=[*ANY, *Message.State.choices])
    template = forms.ChoiceField(label=_("Message"), required=False, choices=[*ANY, *TEMPLATES.items()])


class KeyForm(forms.Form):
    """The key of an account. The platform's own pages make it; it is kept encrypted and never shown again."""

    external_id = forms.CharField(
        label=_("The account's id"), max_length=100,
        help_text=_("As the platform numbers it: a Page id, a channel's @name, a channel id."),
    )  # fmt: skip
    token = forms.CharField(
        label=_("Key"), max_length=4000, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted and never shown again."),
    )  # fmt: skip
    address = forms.URLField(
        label=_("Where the site takes posts"), required=False, max_length=300, assume_scheme="https"
    )
    permission = forms.CharField(
        label=_("The platform's written permission"), required=False, max_length=300,
        help_text=_("Its number, its date and who signed it."),
    )  # fmt: skip

    def __init__(self, *args: Any, provider: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if provider != "webhook":
            del self.fields["address"]
        if provider != "whatsapp":
            del self.fields["permission"]
