"""What a service raises when it refuses. Every error carries one sentence for the person who asked."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

# A plain string or a lazily translated one; str() gives the sentence in the language of the moment.
Sentence = Any


class ToliError(Exception):
    """A refusal with a sentence a person can act on. `status` is the HTTP answer a page gives."""

    status = 400
    default: Sentence = _("This could not be done. Nothing was changed.")

    def __init__(self, sentence: Sentence = None) -> None:
        super().__init__(sentence)
        self.sentence: Sentence = self.default if sentence is None else sentence

    def __str__(self) -> str:
        return str(self.sentence)


class NotFound(ToliError):
    """It does not exist, or it is not yours: both answer the same, so that nobody learns which."""

    status = 404
    default = _("This page does not exist, or it is not in your charge.")


class NotAllowed(ToliError):
    """You may see it, but not do this to it."""

    status = 403
    default = _("You do not have the right to do this. Ask your coordinator.")


class NeedsSecondFactor(NotAllowed):
    """The right is sensitive and this session has shown only a phone code."""

    default = _("This needs your second proof (passkey or app code). Please confirm it and try again.")


class WrongState(ToliError):
    """The thing has moved on: someone was faster, or a step is missing."""

    status = 409
    default = _("This has changed in the meantime. Please look at it again.")


class BadInput(ToliError):
    """The input cannot be used. `fields` maps a field name to its sentence; "" is the whole form."""

    status = 422
    default = _("Please correct the marked fields. What you typed is still here.")

    def __init__(self, sentence: Sentence = None, fields: Mapping[str, Sentence] | None = None) -> None:
        super().__init__(sentence)
        self.fields: dict[str, Sentence] = dict(fields or {})


class LimitReached(ToliError):
    """Too often or too much. `retry_after` is in seconds when waiting helps."""

    status = 429
    default = _("That was too often. Please wait a little and try again.")

    def __init__(self, sentence: Sentence = None, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
