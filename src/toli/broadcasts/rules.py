"""Who may publish what to whom."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from toli.broadcasts.audience import Plan
from toli.broadcasts.draw import PLACES
from toli.broadcasts.models import Broadcast, Group, Release
from toli.delivery.channels import CHANNELS as PERSONAL
from toli.kit.errors import BadInput, LimitReached, NotAllowed, WrongState
from toli.org.models import Unit

CHANNELS = {"pulse": _("The pulse, on every phone"), "groups": _("Message groups, posted by their admins")}
LONGEST = timedelta(days=92)
MOST_OF_A_DESK = 500
"""Releases of one desk that are not over: what a round of 24 places could not play anyway is refused."""
STREAM_LEVELS = ("state", "division", "district", "constituency")


def check_plan(plan: Plan, units: Collection[Unit], *, now: datetime) -> None:
    """Raises BadInput naming what cannot be. Streams are made for constituencies: nothing smaller can be chosen."""
    wrong: dict[str, object] = {}
    known = CHANNELS if plan.people is None else PERSONAL
    if not units:
        wrong["scope"] = _("Choose where.")
    elif plan.people is None and any(unit.level.key not in STREAM_LEVELS for unit in units):
        wrong["scope"] = _("Choose a state, a district or a constituency. Smaller places have no stream of their own.")
    if not plan.channels or not set(plan.channels) <= set(known):
        wrong["channels"] = _("Choose a channel.")
    if plan.ends_at <= plan.starts_at or plan.ends_at <= now:
        wrong["ends_at"] = _("The end has to lie after the start and after now.")
    elif plan.ends_at - plan.starts_at > LONGEST:
        wrong["ends_at"] = _("At most three months. Make a new release afterwards.")
    if not 1 <= plan.quota <= PLACES:
        wrong["quota"] = _("Between 1 and 24.")
    if wrong:
        raise BadInput(fields=wrong)


def check_room(releases: int) -> None:
    """Raises LimitReached when the desk has as many releases as it may have."""
    if releases >= MOST_OF_A_DESK:
        raise LimitReached(
            _("This desk has 500 releases that are not over. Stop one of them, or put slogans on one sheet.")
        )


def check_approvable(release: Release, *, seen_hash: str, by: int | None) -> None:
    """Raises WrongState when it changed since it was seen, NotAllowed for one's own."""
    if release.state != Release.State.SUBMITTED:
        raise WrongState(_("This is not waiting for approval."))
    if release.hash != seen_hash:
        raise WrongState(_("The audience or the time was changed after you opened it. Please look again."))
    if by is None or by == release.made_by_id:
        raise NotAllowed(_("Nobody approves their own release. Another person has to approve it."))


def check_live(release: Release) -> None:
    if release.state == Release.State.WITHDRAWN:
        raise WrongState(_("This release was withdrawn. Make a new one."))


# Groups

LINKS = {
    Group.Kind.WHATSAPP: ("https://chat.whatsapp.com/",),
    Group.Kind.WHATSAPP_COMMUNITY: ("https://chat.whatsapp.com/",),
    Group.Kind.WHATSAPP_CHANNEL: ("https://whatsapp.com/channel/", "https://www.whatsapp.com/channel/"),
    Group.Kind.TELEGRAM: ("https://t.me/",),
    Group.Kind.TELEGRAM_CHANNEL: ("https://t.me/",),
    Group.Kind.OTHER: ("https://",),
}


def check_link(kind: str, link: str) -> None:
    """Raises BadInput when the link does not lead to a group of this kind."""
    starts = LINKS[Group.Kind(kind)]
    if link and not any(link.startswith(start) and len(link) > len(start) for start in starts):
        said = _("This is not an invitation of that app. It begins with %(start)s") % {"start": starts[0]}
        raise BadInput(fields={"link": said})


def check_open(group: Group) -> None:
    if group.closed_at is not None:
        raise WrongState(_("This group was closed in the register."))


# Broadcasts


def check_state(broadcast: Broadcast, *states: str) -> None:
    """Raises WrongState for an act that does not fit where the broadcast stands."""
    if broadcast.state not in states:
        raise WrongState(_("The broadcast moved on meanwhile. Look at it again."))
