"""The desk's navigation as data: what it is called, where it leads, the right it needs."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class NavItem:
    """One line of the desk's navigation. `right` None means: everybody who has signed in."""

    key: str
    label: _StrPromise
    icon: str
    url_name: str
    right: str | None
    on_phone: bool = False


@dataclass(frozen=True)
class NavGroup:
    label: _StrPromise
    items: tuple[NavItem, ...]


@dataclass(frozen=True)
class NavLink:
    """A navigation line as drawn: its address, and whether the shown page lies under it."""

    item: NavItem
    url: str
    current: bool


NAV: tuple[NavGroup, ...] = (
    NavGroup(
        _("Today"),
        (
            NavItem("board", _("Board"), "board", "warroom:board", "board.view", on_phone=True),
            NavItem("polls", _("By-election"), "flag", "warroom:polls", "board.view"),
            NavItem("short", _("Gaps"), "alert", "warroom:short", "board.view", on_phone=True),
            NavItem("shifts", _("Shifts"), "shifts", "warroom:shifts", "board.view"),
            NavItem("urgent", _("Urgent texts"), "alert", "warroom:urgent", "content.approve"),
        ),
    ),
    NavGroup(
        _("Work"),
        (
            NavItem("tasks", _("Tasks"), "tasks", "tasks:desk", "tasks.view", on_phone=True),
            NavItem("content", _("Content"), "content", "content:items", "content.view"),
            NavItem("broadcasts", _("Pulse"), "broadcast", "broadcasts:desk", "content.view"),
            NavItem("groups", _("Groups"), "people", "broadcasts:groups", "broadcasts.groups"),
            NavItem("messages", _("Broadcasts"), "send", "broadcasts:broadcasts", "content.view"),
        ),
    ),
    NavGroup(
        _("People"),
        (
            NavItem(
                "applicants",
                _("Applicants"),
                "applicants",
                "recruitment:applicants",
                "recruitment.view",
                on_phone=True,
            ),
            NavItem("calls", _("Call-backs"), "phone", "recruitment:calls", "recruitment.call", on_phone=True),
            NavItem("interviews", _("Interviews"), "shifts", "recruitment:rounds", "recruitment.interview"),
            NavItem("people", _("People"), "people", "org:people", "people.view"),
            NavItem("duplicates", _("Double entries"), "people", "org:duplicates", "people.merge"),
            NavItem("help", _("Help to sign in"), "lock", "org:help", "people.let_in"),
            NavItem("camps", _("Camp passes"), "shield", "org:camps", "org.camps"),
            NavItem("seats", _("Seats"), "seats", "org:seats", "org.view"),
            NavItem("units", _("Units"), "tree", "org:units", "org.view"),
            NavItem("tree", _("Whole tree"), "tree", "org:tree", "org.view"),
            NavItem("directory", _("Directory"), "person", "org:directory", "org.view"),
            NavItem("delegations", _("Rights for a time"), "switch", "org:delegations", "org.view"),
        ),
    ),
    NavGroup(
        _("In order"),
        (
            NavItem("elections", _("Elections"), "elections", "elections:polls", "elections.view"),
            NavItem("imports", _("Imports"), "upload", "org:imports", "org.import"),
            NavItem("channels", _("Channels"), "send", "delivery:channels", "delivery.view"),
            NavItem("outbox", _("Messages sent"), "send", "delivery:outbox", "delivery.view"),
            NavItem("complaints", _("Complaints"), "shield", "consent:complaints_desk", "consent.grievances"),
            NavItem("erasures", _("Erasures"), "lock", "consent:erasures", "people.seal"),
            NavItem("breaches", _("Leaked data"), "alert", "consent:breaches", "consent.breach"),
            NavItem("records", _("Records"), "records", "audit:records", "audit.view"),
        ),
    ),
)


def navigation(may: Container[str], path: str) -> list[tuple[_StrPromise, list[NavLink]]]:
    """The groups and links a person with these rights sees; the most exact match to `path` is current."""
    links = {item.key: link for item in _allowed(may) if (link := _address(item))}
    under = [key for key, url in links.items() if path.startswith(url)]
    current = max(under, key=lambda key: len(links[key]), default=None)
    groups = []
    for group in NAV:
        drawn = [NavLink(i, links[i.key], i.key == current) for i in group.items if i.key in links]
        if drawn:
            groups.append((group.label, drawn))
    return groups


def _allowed(may: Container[str]) -> list[NavItem]:
    return [i for group in NAV for i in group.items if i.right is None or i.right in may]


def _address(item: NavItem) -> str | None:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return None
