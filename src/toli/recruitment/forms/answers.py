"""A field of the join form for each of the drive's own questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.kit.errors import BadInput
from toli.recruitment import files
from toli.recruitment.questions import LONGEST_ANSWER, LONGEST_LINK, Question


class AnswerFileField(forms.FileField):
    """A file told by its content, never by its name."""

    def clean(self, value: Any, initial: Any = None) -> files.Handed | None:
        upload = super().clean(value, initial)
        if not upload:
            return None
        try:
            return files.read(upload)
        except BadInput as error:
            raise forms.ValidationError(str(error.sentence))


def answer_field(question: Question, language: str) -> forms.Field:
    """Labelled in the page's language. What fits is decided by `questions.check_answers`."""
    label = question.names.get(language) or next(iter(question.names.values()))
    field = _field(question, language)
    field.label, field.required = label, question.required
    field.error_messages["required"] = _("Please answer this question.")
    field.is_question = True  # type: ignore[attr-defined]
    return field


def _field(question: Question, language: str) -> forms.Field:
    options = [(key, names.get(language) or next(iter(names.values()))) for key, names in question.options]
    if question.kind == "choice":
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect)
    if question.kind == "choices":
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple)
    if question.kind == "file":
        return AnswerFileField(
            help_text=_("A picture or a PDF of at most 5 MB."),
            widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
        )
    if question.kind == "number":
        return forms.CharField(max_length=40, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    if question.kind == "link":
        return forms.CharField(
            max_length=LONGEST_LINK, help_text=_("The address of something you have published yourself."),
            widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none"}),
        )  # fmt: skip
    return forms.CharField(max_length=LONGEST_ANSWER + 1, widget=forms.Textarea(attrs={"rows": 3}))
