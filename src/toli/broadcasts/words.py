"""Why somebody did not get a broadcast, in plain words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS = {
    "no_consent": gettext_lazy("They took their yes back."),
    "no_channel_consent": gettext_lazy("They took their yes to this way back."),
    "stopped": gettext_lazy("They said STOP."),
    "prefers_app": gettext_lazy("They want the app only."),
    "unknown_person": gettext_lazy("They left."),
    "no_address": gettext_lazy("The way to them was closed."),
    "gone": gettext_lazy("The way to them was closed."),
    "enough_today": gettext_lazy("They got enough today; they wait for their next place."),
    "unsure": gettext_lazy("Nobody knows whether it arrived, so it was not sent again."),
    "too_late": gettext_lazy("The time of the broadcast was over."),
    "cancelled": gettext_lazy("The broadcast was cancelled."),
    "too_fast": gettext_lazy("The provider takes no more this second; they wait."),
    "resting": gettext_lazy("The provider rests after faults; they wait."),
    "no_provider": gettext_lazy("This way has no provider."),
}


def reason_words(reason: str) -> str:
    """The words for a reason that is kept as a key."""
    if reason.startswith("law:"):
        return _("The law holds it where they are: silence, certificate or label.")
    return str(WORDS.get(reason) or _("The provider did not take it."))
