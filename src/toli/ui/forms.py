"""What the forms of rooms share: a service's refusal beside its fields, and a unit by its name."""

from __future__ import annotations

from typing import Any

from django import forms

from toli.kit import language
from toli.kit.errors import BadInput


def add_refusal(form: forms.Form, error: BadInput) -> None:
    """Put a service's refusal beside the visible fields it names; the rest stands above the form.

    A field written in several languages (`title_hi`, `title_en`) takes the refusal of its plain name on the first.
    """
    for name, sentence in (error.fields or {"": error.sentence}).items():
        places = [field for field in (name, f"{name}_{language.DEFAULT}") if field in form.fields]
        visible = places and not form.fields[places[0]].widget.is_hidden
        form.add_error(places[0] if visible else None, str(sentence))


class UnitChoice(forms.ModelChoiceField):
    """A unit, named in the page's language."""

    def label_from_instance(self, unit: Any) -> str:
        return language.text_of(unit.names) or str(unit)
