"""What the desk may filter messages by."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.delivery.models import Message
from toli.delivery.words import TEMPLATES

ANY = [("", _("All"))]


class OutboxFilter(forms.Form):
    state = forms.ChoiceField(label=_("Status"), required=False, choices=[*ANY, *Message.State.choices])
    template = forms.ChoiceField(label=_("Message"), required=False, choices=[*ANY, *TEMPLATES.items()])
