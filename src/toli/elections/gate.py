"""The one gate of publishing: whoever sends or serves an item asks here, and holds a Verdict made here.

Plain Python without Django and database: services, the worker and the pulse ask the same function.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NoReturn

from toli.elections.law import Rule, rule_on
from toli.elections.sentences import ALLOWED, say
from toli.elections.windows import UnitWindow, Windows
from toli.kit.dates import datetime_text, local_day

LIFE: Final = timedelta(minutes=15)
"""A verdict is for use now: a schedule corrected meanwhile must be seen."""

_TOKEN: Final = object()
_EVERYWHERE: Final = 0


class Kind(StrEnum):
    """What a text is, confirmed by its approver: silence stops appeals only."""

    APPEAL = "appeal"
    CIVIC = "civic"
    INTERNAL = "internal"


class Ai(StrEnum):
    NONE = "none"
    LABELLED = "labelled"
    UNLABELLED = "unlabelled"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A media committee's certificate: good for one file and for a time."""

    number: str
    committee: str
    valid_until: datetime
    file_hash: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What the gate must know of an item, and nothing else of it.

    `topics` may hold "exit_poll" and "opinion_poll"; `names_units` are the constituencies that the text,
    or a candidate in it, names.
    """

    kind: str
    hash: str
    paid: bool = False
    ai: str = Ai.NONE
    topics: frozenset[str] = frozenset()
    names_units: frozenset[int] = frozenset()
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A way out. `aimed`: it reaches the one constituency asked about. `bulk`: bulk SMS or voice.

    `covers` are the constituencies an unaimed channel reaches, where that is known.
    """

    key: str
    aimed: bool = True
    bulk: bool = False
    covers: frozenset[int] | None = None


PULSE: Final = Channel("pulse")
TASK: Final = Channel("task")
SHARE: Final = Channel("share")
SMS: Final = Channel("sms", bulk=True)
SMS_DIRECT: Final = Channel("sms")
DESK: Final = Channel("desk")


class Verdict:
    """The gate's answer, bound to one subject, one constituency and a time. Only `may_publish` makes one."""

    __slots__ = (
        "allowed", "code_of_conduct", "expires_at", "law", "params", "rule", "sentence", "silent_units", "source",
        "subject_hash", "unit_id", "until", "warnings",
    )  # fmt: skip

    allowed: bool
    rule: str
    """The line of the law sheet; empty when nothing holds it."""
    law: Rule | None
    source: str
    sentence: str
    params: Mapping[str, Mapping[str, str]]
    until: datetime | None
    subject_hash: str
    unit_id: int | None
    expires_at: datetime
    silent_units: frozenset[int]
    warnings: tuple[str, ...]
    code_of_conduct: bool

    def __new__(cls, token: object = None, /, **_values: Any) -> Verdict:
        if token is not _TOKEN:
            raise TypeError("only the gate makes a Verdict: call may_publish")
        return object.__new__(cls)

    def __init__(self, _token: object, /, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise TypeError("a Verdict does not change")

    __delattr__ = __setattr__  # type: ignore[assignment]

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("a Verdict has no other kinds")

    def __bool__(self) -> bool:
        return self.allowed

    def text(self, language: str) -> str:
        """The reason in that language."""
        return say(self.law.sentences[self.sentence] if self.law else ALLOWED, self.params, language)

    def advice(self, language: str) -> str:
        """What a person can do next, in that language; empty when nothing is to be done."""
        return say(self.law.what_to_do[self.sentence], self.params, language) if self.law else ""

    def is_for(self, subject_hash: str, unit_id: int | None, now: datetime) -> bool:
        """True when this verdict lets exactly this subject out here and now. A sender asks this last."""
        return self.allowed and self.subject_hash == subject_hash and self.unit_id == unit_id and now < self.expires_at


class NotCleared(Exception):
    """A sender was handed no verdict, another subject's verdict, or one that has ended."""


def require(verdict: object, *, subject_hash: str, unit_id: int | None, now: datetime) -> Verdict:
    """The verdict itself when it lets this subject out here and now. Raises NotCleared."""
    if type(verdict) is not Verdict or not verdict.is_for(subject_hash, unit_id, now):
        raise NotCleared("this has no valid verdict of the gate")
    return verdict


def may_publish(subject: Subject, unit_id: int | None, channel: Channel, now: datetime, *, windows: Windows) -> Verdict:
    """Whether this item may go to this constituency by this channel now. Nobody can override a "no".

    `unit_id` None, or a channel that cannot be aimed, is asked against every silent constituency (rule 28).
    The verdict ends at the next legal boundary, at most after 15 minutes.
    """
    refused = _about_the_item(subject, unit_id, channel, now, windows)
    if refused is None and subject.topics:
        refused = _exit_poll(subject, unit_id, now, windows)
    if refused is not None:
        return refused
    if channel.aimed and unit_id is not None:
        return _aimed(subject, unit_id, now, windows)
    return _unaimed(subject, unit_id, channel, now, windows)


def allowed_units(
    subject: Subject, unit_ids: Collection[int], channel: Channel, now: datetime, *, windows: Windows
) -> tuple[list[Verdict], list[Verdict]]:
    """Each constituency asked apart (rule 2): the verdicts that let it go, and those that hold it."""
    verdicts = [may_publish(subject, unit_id, channel, now, windows=windows) for unit_id in unit_ids]
    return [v for v in verdicts if v.allowed], [v for v in verdicts if not v.allowed]


def _about_the_item(
    subject: Subject, unit_id: int | None, channel: Channel, now: datetime, windows: Windows
) -> Verdict | None:
    """What no place and no hour can mend: kind, label, certificate."""
    if subject.kind not in _KINDS:
        return _no(subject, unit_id, now, windows, "silence", "unknown_kind")
    off = windows.off
    if subject.ai != Ai.NONE and subject.ai != Ai.LABELLED and "synthetic" not in off:
        return _no(subject, unit_id, now, windows, "synthetic", "ai_unlabelled")
    if "certificate" in off:
        return None
    if (subject.paid and subject.kind != Kind.INTERNAL) or (channel.bulk and subject.kind == Kind.APPEAL):
        return _certificate(subject, unit_id, now, windows)
    return None


_KINDS = frozenset(str(kind) for kind in Kind)


def _certificate(subject: Subject, unit_id: int | None, now: datetime, windows: Windows) -> Verdict | None:
    paper = subject.certificate
    if paper is None or not paper.number or not paper.committee or paper.file_hash != subject.hash:
        return _no(subject, unit_id, now, windows, "certificate", "no_certificate")
    if paper.valid_until <= now:
        return _no(subject, unit_id, now, windows, "certificate", "certificate_expired")
    return None


def _exit_poll(subject: Subject, unit_id: int | None, now: datetime, windows: Windows) -> Verdict | None:
    """Rule 5: exit polls nowhere while a notified window is open; opinion polls not where silence holds."""
    span = windows.exit_window(now) if "exit_poll" in subject.topics else None
    if span is not None:
        return _no(subject, unit_id, now, windows, "exit_polls", "exit_poll", until=span.ends, notification=span.source)
    if "opinion_poll" not in subject.topics or "opinion_polls" in windows.off:
        return None
    open_one = windows.open_for(unit_id, now) if unit_id is not None else _first_silent(windows, now)
    if open_one is None:
        return None
    return _no(subject, unit_id, now, windows, "opinion_polls", "opinion_poll", until=open_one.window.ends,
               unit=_names(windows, open_one.unit_id))  # fmt: skip


def _first_silent(windows: Windows, now: datetime) -> UnitWindow | None:
    found = [one for unit in windows.silent_units(now) if (one := windows.open_for(unit, now))]
    return max(found, key=lambda one: one.window.ends, default=None)


def _aimed(subject: Subject, unit_id: int, now: datetime, windows: Windows) -> Verdict:
    """Rules 1 to 3: an appeal waits while its constituency is silent; another it names is a warning."""
    if subject.kind == "appeal":
        open_one = windows.open_for(unit_id, now)
        if open_one is not None:
            return _silent(subject, unit_id, now, windows, open_one)
        if subject.names_units:
            named = subject.names_units & windows.silent_units(now)
            return _yes(subject, unit_id, now, windows, silent=named)
    return _yes(subject, unit_id, now, windows)


def _silent(subject: Subject, unit_id: int, now: datetime, windows: Windows, one: UnitWindow) -> Verdict:
    window = one.window
    if window.kind == "unhoured":
        rule, sentence = "unhoured", "unhoured"
    elif window.confirmed:
        rule, sentence = "silence", "silence"
    else:
        rule, sentence = "widest", "silence_unconfirmed"
    return _no(subject, unit_id, now, windows, rule, sentence, until=window.ends,
               unit=_names(windows, unit_id), notification=one.notification)  # fmt: skip


def _unaimed(subject: Subject, unit_id: int | None, channel: Channel, now: datetime, windows: Windows) -> Verdict:
    """Rule 28: refuse what names a silent seat, pass the rest with the list of silent constituencies."""
    if subject.kind != "appeal" or "unaimed" in windows.off:
        return _yes(subject, unit_id, now, windows)
    silent = windows.silent_units(now)
    reached = silent if channel.covers is None else silent & channel.covers
    named = subject.names_units & reached
    if named:
        return _no(subject, unit_id, now, windows, "unaimed", "names_silent",
                   until=_ends(windows, named, now), silent=reached, units=_list(windows, named))  # fmt: skip
    if channel.covers and channel.covers <= silent:
        return _no(subject, unit_id, now, windows, "unaimed", "all_silent",
                   until=_ends(windows, reached, now), silent=reached)  # fmt: skip
    return _yes(subject, unit_id, now, windows, silent=reached)


def _ends(windows: Windows, units: Collection[int], now: datetime) -> datetime:
    return max(one.window.ends for unit in units if (one := windows.open_for(unit, now)))


def _names(windows: Windows, unit_id: int | None) -> Mapping[str, str]:
    return windows.names.get(unit_id or _EVERYWHERE) or {"hi": "यह विधानसभा", "en": "this constituency"}


def _list(windows: Windows, units: Collection[int]) -> Mapping[str, str]:
    each = [_names(windows, unit) for unit in sorted(units)]
    return {tag: ", ".join(names.get(tag) or names.get("hi", "") for names in each) for tag in ("hi", "en")}


def _expires(windows: Windows, unit_id: int | None, now: datetime, subject: Subject) -> datetime:
    ends = now + LIFE
    boundary = windows.next_boundary(unit_id, now)
    if boundary is not None and boundary < ends:
        ends = boundary
    if subject.certificate is not None and now < subject.certificate.valid_until < ends:
        ends = subject.certificate.valid_until
    return ends


_NOTHING: Mapping[str, Mapping[str, str]] = MappingProxyType({})


def _yes(
    subject: Subject,
    unit_id: int | None,
    now: datetime,
    windows: Windows,
    *,
    silent: frozenset[int] = frozenset(),
) -> Verdict:
    return Verdict(
        _TOKEN, allowed=True, rule="", law=None, source="", sentence="allowed", params=_NOTHING, until=None,
        subject_hash=subject.hash, unit_id=unit_id,
        expires_at=_expires(windows, unit_id, now, subject), silent_units=silent,
        warnings=("names_silent",) if silent & subject.names_units else (),
        code_of_conduct=bool(windows.codes) and unit_id is not None and windows.code_holds(unit_id, now),
    )  # fmt: skip


def _no(
    subject: Subject, unit_id: int | None, now: datetime, windows: Windows, rule: str, sentence: str,
    *, until: datetime | None = None, silent: frozenset[int] = frozenset(), notification: str = "",
    **params: Mapping[str, str],
) -> Verdict:  # fmt: skip
    law = rule_on(rule, local_day(now))
    return Verdict(
        _TOKEN, allowed=False, rule=law.number, law=law,
        source=f"{law.source}; {notification}" if notification else law.source,
        sentence=sentence, params={**params, **_until(until)}, until=until,
        subject_hash=subject.hash, unit_id=unit_id, expires_at=_expires(windows, unit_id, now, subject),
        silent_units=silent, warnings=(), code_of_conduct=False,
    )  # fmt: skip


def _until(until: datetime | None) -> dict[str, Mapping[str, str]]:
    return {"until": _LazyMoment(until)} if until is not None else {}


class _LazyMoment(dict[str, str]):
    """Words for a moment, made only when somebody reads the sentence: a refusal stays cheap."""

    __slots__ = ("moment",)

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def get(self, key: str, default: Any = None) -> Any:
        return datetime_text(self.moment, key)
