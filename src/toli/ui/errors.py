"""What an error page says for each kind of answer: what happened, what was kept, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class ErrorWords:
    happened: _StrPromise
    kept: _StrPromise
    to_do: _StrPromise


WORDS: dict[int, ErrorWords] = {
    400: ErrorWords(
        _("This request could not be read"),
        _("Nothing was changed."),
        _("Go back to the page before and try once more."),
    ),
    403: ErrorWords(
        _("You cannot do this"),
        _("Nothing was changed."),
        _("If this is your work, ask your coordinator to give you the right."),
    ),
    404: ErrorWords(
        _("This page is not here"),
        _("Nothing is lost."),
        _("It may have moved, or it is not in your charge. Start again from the first page."),
    ),
    409: ErrorWords(
        _("Somebody was faster"),
        _("Their change is kept, yours was not made."),
        _("Open the page again, see how it stands now, and decide afresh."),
    ),
    413: ErrorWords(
        _("This is too large"),
        _("Nothing was changed."),
        _("Go back, choose a smaller file, and send it again."),
    ),
    422: ErrorWords(
        _("Something in what you wrote cannot be used"),
        _("Nothing is saved yet."),
        _("Go back: what you wrote is still in the form. Correct it and send it again."),
    ),
    429: ErrorWords(
        _("That was too often"),
        _("What you did before is kept."),
        _("Wait a little and try again. Trying faster does not help."),
    ),
    503: ErrorWords(
        _("A short pause"),
        _("Nothing that was saved is lost. Your last step may not be saved yet."),
        _("Wait half a minute, then send it again. What arrives twice is taken once."),
    ),
    500: ErrorWords(
        _("We made a mistake"),
        _("What was saved before is safe. Your last step may not be saved."),
        _("Try once more in a minute. If it happens again, tell your coordinator the number below."),
    ),
}


def words_for(status: int) -> ErrorWords:
    return WORDS.get(status, WORDS[500] if status >= 500 else WORDS[400])
