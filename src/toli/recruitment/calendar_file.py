"""An interview as a calendar file (RFC 5545). Pure. It names no person."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from toli.kit.errors import NotFound
from toli.recruitment.models import Interview

LIVE = {"proposed": "TENTATIVE", "confirmed": "CONFIRMED", "held": "CONFIRMED"}


def of(interview: Interview, *, language: str, now: datetime) -> str:
    """The file's text; an appointment that was called off is marked so. Raises NotFound for one without a time."""
    if interview.slot is None:
        raise NotFound
    names, panel = interview.round.names, interview.slot.panel
    event = Event()
    event.add("uid", f"{interview.ref}@toli")
    event.add("sequence", interview.moves)
    event.add("dtstamp", now)
    event.add("dtstart", interview.slot.starts_at)
    event.add("dtend", interview.slot.starts_at + timedelta(minutes=interview.round.minutes))
    event.add("summary", names.get(language) or next(iter(names.values())))
    if panel.place_text:
        event.add("location", panel.place_text)
    event.add("status", LIVE.get(interview.state, "CANCELLED"))
    calendar = Calendar()
    calendar.add("prodid", "-//Toli//Interviews//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return calendar.to_ical().decode()
