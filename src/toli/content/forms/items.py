"""Input of the content pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from toli.content.models import Item, Media, State
from toli.content.rules import LANGUAGES, SHEET_SIZE, SOURCE_LENGTH, TEXT_LENGTH
from toli.content.services import Slogan
from toli.content.wording import Wording
from toli.kit.dates import day_bounds
from toli.org.models import Unit
from toli.ui.forms import UnitChoice


def _text(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please write the text in this language too.")},
    )


def _source(label: Any, help_text: Any = "") -> forms.CharField:
    said = {"required": _("Please say whose text this is. The line goes with every share.")}
    return forms.CharField(label=label, max_length=SOURCE_LENGTH, help_text=help_text, error_messages=said)


PICTURES = "image/jpeg,image/png,image/webp"


def _media_label(media: Any) -> str:
    return f"{media.get_kind_display()}: {media.title}"


class ItemForm(forms.Form):
    """One item in two languages."""

    unit = UnitChoice(label=_("For"), queryset=None, to_field_name="ref")
    kind = forms.ChoiceField(label=_("What it is"), choices=Item.Kind.choices)
    matter = forms.ChoiceField(
        label=_("What it is about"), choices=Item.Matter.choices,
        help_text=_("Silence hours stop appeals only. Internal messages have no share button."),
    )  # fmt: skip
    text_hi = _text(_("Text in Hindi"))
    text_en = _text(_("Text in English"))
    source_hi = _source(_("Whose text it is, in Hindi"), _("For example: Published by the state committee, Jaipur."))
    source_en = _source(_("Whose text it is, in English"))
    library: Any = forms.ModelChoiceField(
        label=_("File of the library"), queryset=None, to_field_name="ref", required=False,
        help_text=_("Videos, sounds, PDFs, what shows people and what is made with AI come in through the library."),
    )  # fmt: skip
    file = forms.FileField(  # told by its content, in `intake.py`
        label=_("Or a new picture"), required=False, widget=forms.ClearableFileInput(attrs={"accept": PICTURES})
    )
    plain = forms.BooleanField(
        label=_("The new picture is our own work, shows nobody who did not agree, and is not made with AI"),
        required=False,
    )
    constituency = UnitChoice(label=_("Only for one constituency"), queryset=None, to_field_name="ref", required=False)
    on_date = forms.DateField(
        label=_("Only on this day"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("With a constituency: today's item of that constituency."),
    )  # fmt: skip
    link = forms.URLField(label=_("Link"), required=False, assume_scheme="https", max_length=500)
    names_person = forms.BooleanField(
        label=_("It names a person: a rival, an officer, a candidate"), required=False,
        help_text=_("Then one of the two who approve stands at the state."),
    )  # fmt: skip
    paid = forms.BooleanField(
        label=_("It will run as a paid advertisement"), required=False,
        help_text=_("Then the media committee's certificate is needed before it can be approved."),
    )  # fmt: skip
    topics = forms.MultipleChoiceField(
        label=_("It speaks of"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("exit_poll", _("An exit poll")), ("opinion_poll", _("An opinion poll"))],
    )  # fmt: skip

    def __init__(
        self, *args: Any, desks: QuerySet[Unit], constituencies: QuerySet[Unit], library: QuerySet[Media], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = desks  # type: ignore[attr-defined]
        self.fields["constituency"].queryset = constituencies  # type: ignore[attr-defined]
        self.fields["constituency"].widget.attrs |= {
            "hx-get": reverse("elections:clock_of"), "hx-trigger": "change", "hx-target": "#poll-clock",
        }  # fmt: skip
        self.fields["unit"].initial = getattr(desks.first(), "ref", None)
        chosen: Any = self.fields["library"]
        chosen.queryset, chosen.label_from_instance = library, _media_label

    @property
    def upload(self) -> UploadedFile | None:
        return self.cleaned_data.get("file") or None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("file") and not found.get("plain"):
            self.add_error("plain", _("Please say so, or add the picture to the library with its rights."))
        return found

    def wording(self, media: Media | None) -> Wording:
        found = self.cleaned_data
        place = found.get("constituency")
        return Wording(
            kind=found["kind"], matter=found["matter"], link=found["link"],
            ai=media.ai if media else Item.Ai.NONE, file_hash=media.digest if media else "",
            texts={tag: found[f"text_{tag}"] for tag in LANGUAGES},
            sources={tag: found[f"source_{tag}"] for tag in LANGUAGES},
            constituency_id=place.pk if place else None, on_date=found.get("on_date"),
            names_person=found["names_person"], paid=found["paid"], topics=found["topics"],
        )  # fmt: skip


ITEM_VALUES = ("kind", "matter", "link", "on_date", "names_person", "paid", "topics")


def initial_of(item: Item) -> dict[str, Any]:
    """The form's values of a stored item."""
    texts, sources = item.texts_by_language, item.source_by_language
    found: dict[str, Any] = {name: getattr(item, name) for name in ITEM_VALUES}
    found["unit"] = item.unit.ref
    found["library"] = item.media.ref if item.media else None
    found["constituency"] = item.constituency.ref if item.constituency else None
    for tag in LANGUAGES:
        found[f"text_{tag}"], found[f"source_{tag}"] = texts.get(tag, ""), sources.get(tag, "")
    return found


class CertificateForm(forms.Form):
    """The media committee's paper."""

    number = forms.CharField(label=_("Number"), max_length=100)
    committee = forms.CharField(label=_("Committee"), max_length=200)
    valid_until = forms.DateField(label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean_valid_until(self) -> datetime:
        """The end of that day, Asia/Kolkata."""
        day: date = self.cleaned_data["valid_until"]
        return day_bounds(day)[1]


class SheetForm(forms.Form):
    """Many slogans, one on each line, in the same order in both languages."""

    unit = UnitChoice(label=_("For"), queryset=None, to_field_name="ref")
    title = forms.CharField(label=_("Name of the sheet"), max_length=120)
    matter = forms.ChoiceField(label=_("What it is about"), choices=Item.Matter.choices)
    lines_hi = forms.CharField(
        label=_("Slogans in Hindi, one on each line"), widget=forms.Textarea(attrs={"rows": 10}), max_length=60_000
    )
    lines_en = forms.CharField(
        label=_("The same slogans in English, in the same order"), widget=forms.Textarea(attrs={"rows": 10}),
        max_length=60_000,
    )  # fmt: skip
    source_hi = forms.CharField(label=_("Whose text it is, in Hindi"), max_length=SOURCE_LENGTH)
    source_en = forms.CharField(label=_("Whose text it is, in English"), max_length=SOURCE_LENGTH)

    def __init__(self, *args: Any, desks: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = desks  # type: ignore[attr-defined]
        self.fields["unit"].initial = getattr(desks.first(), "ref", None)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        hindi, english = (_lines(found.get(f"lines_{tag}", "")) for tag in LANGUAGES)
        if len(hindi) != len(english):
            sentence = _("Hindi has %(hi)d lines and English %(en)d. Every slogan needs both.")
            self.add_error("lines_en", sentence % {"hi": len(hindi), "en": len(english)})
        elif len(hindi) > SHEET_SIZE:
            self.add_error("lines_hi", _("A sheet holds at most 200 slogans. Make a second one."))
        found["slogans"] = [Slogan({"hi": hi, "en": en}) for hi, en in zip(hindi, english, strict=False)]
        return found

    @property
    def sources(self) -> dict[str, str]:
        return {tag: self.cleaned_data[f"source_{tag}"] for tag in LANGUAGES}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class FilterForm(forms.Form):
    q = forms.CharField(label=_("Words"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *State.choices])
    matter = forms.ChoiceField(
        label=_("What it is about"), required=False,
        choices=[("", _("All")), ("appeal", _("Appeal")), ("civic", _("Civic")), ("internal", _("Internal"))],
    )  # fmt: skip
