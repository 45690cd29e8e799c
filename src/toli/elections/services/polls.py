"""Every write of elections: a schedule comes in, a row is corrected by two persons, a poll closes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.audit.services import BatchTarget
from toli.elections import queries
from toli.elections.models import Election, ExitPollWindow, Poll, PollVersion, State
from toli.elections.schedule.reading import ExitRow
from toli.elections.schedule.resolving import Plan, PollPlan
from toli.elections.services.by_two import require_another, take_off
from toli.elections.silence import quiet_window
from toli.kit.actor import Actor
from toli.kit.dates import local_at
from toli.kit.errors import BadInput, WrongState
from toli.org import access
from toli.org import queries as org_queries
from toli.org import services as org
from toli.org.models import Unit

Status = PollVersion.Status


BY_ELECTION = re.compile(r"\bbye?[- ]?(?:election|poll)|उप ?चुनाव", re.I)
PARLIAMENT = re.compile(r"lok ?sabha|parliament|लोक ?सभा|\bPC\b", re.I)


@dataclass(frozen=True, slots=True)
class Hours:
    """What a notification says of one poll. `closes` is every hour that may hold; empty: none published."""

    day: date
    closes: tuple[time, ...] = ()
    opens: time | None = None
    status: str = Status.SCHEDULED
    code_area: str | None = None
    """Where a by-election's code of conduct holds; None: as the row says already."""

    def same_as(self, version: PollVersion) -> bool:
        said = (version.poll_on, tuple(version.closes), version.opens, version.status)
        same = said == (self.day, tuple(sorted(set(self.closes))), self.opens, self.status)
        return same and self.code_area in (None, version.code_area)


@dataclass(slots=True)
class ImportResult:
    """What became of a schedule: polls made, unchanged, corrections that wait, and what was not used and why."""

    created: int = 0
    unchanged: int = 0
    proposed: int = 0
    exits: int = 0
    rejects: list[tuple[int, str]] = field(default_factory=list)
    warnings: list[tuple[int, str]] = field(default_factory=list)
    polls: list[Poll] = field(default_factory=list)


def ensure_election(
    *, key: str, kind: str = "", state: Unit | None = None, by_election: bool = False,
    announced_at: datetime | None = None, counting_on: date | None = None, now: datetime,
) -> Election:  # fmt: skip
    """The election with this key, made where it is new. A name to show is its key until someone gives another.

    Of one that is there already only what nobody said yet is filled in; the rest two persons correct.
    """
    scope = Election.Scope.SEATS if by_election else Election.Scope.STATE
    election, _made = Election.objects.get_or_create(
        key=key,
        defaults={
            "names": {"hi": key, "en": key}, "kind": kind, "scope": scope, "state": state,
            "announced_at": announced_at, "counting_on": counting_on, "created_at": now,
        },
    )  # fmt: skip
    said = {"announced_at": announced_at, "counting_on": counting_on}
    fresh = {name: value for name, value in said.items() if value is not None and getattr(election, name) is None}
    if fresh:
        Election.objects.filter(pk=election.pk).update(**fresh)
        election.refresh_from_db()
    return election


@transaction.atomic
def add_poll(
    *, actor: Actor, election: Election, constituency: Unit, hours: Hours, notification: str, now: datetime,
    phase: int | None = None, occasion: int = 1, note: str = "",
) -> Poll:  # fmt: skip
    """A poll with its first version, in force at once. Raises BadInput where this poll exists already."""
    access.require(actor, "elections.import", constituency)
    if Poll.objects.filter(election=election, constituency=constituency, occasion=occasion).exists():
        raise BadInput(_("This poll is there already. Correct its row instead."))
    poll = Poll.objects.create(
        election=election, constituency=constituency, phase=phase, occasion=occasion, created_at=now
    )
    _add_version(poll, hours, notification, note, State.LIVE, actor, now)
    return poll


def _add_version(
    poll: Poll, hours: Hours, notification: str, note: str, state: str, actor: Actor, now: datetime
) -> PollVersion:
    window = quiet_window(hours.day, hours.closes)
    last = poll.versions.order_by("-number").first()
    return PollVersion.objects.create(
        poll=poll, number=last.number + 1 if last else 1, state=state, status=hours.status, poll_on=hours.day,
        opens=hours.opens, closes=sorted(set(hours.closes)),
        code_area=hours.code_area or (last.code_area if last else PollVersion.CodeArea.DISTRICT),
        quiet_kind=window.kind, quiet_from=window.starts, quiet_to=window.ends, confirmed=window.confirmed,
        notification=notification.strip(), note=note,
        proposed_by_id=actor.person_id, proposed_at=now,
    )  # fmt: skip


@transaction.atomic
def import_schedule(*, actor: Actor, plan: Plan, exits: Sequence[ExitRow] = (), now: datetime) -> ImportResult:
    """Bring a planned schedule in: new polls are in force, differing ones wait as corrections for two persons.

    Safe to run twice. What has no constituency here is rejected with its line and reason. One record.
    """
    result = ImportResult(rejects=list(plan.rejects), warnings=list(plan.warnings))
    occasions: dict[tuple[int, int], int] = {}
    for one in sorted(plan.polls, key=lambda poll: (poll.status == "scheduled", poll.day or date.min)):
        _import_poll(actor, one, plan, occasions, result, now)
    for row in exits:
        result.exits += _import_exit(row, now)
    if result.created or result.proposed or result.exits:
        counts = {"created": result.created, "proposed": result.proposed, "rejected": len(result.rejects)}
        batch = [BatchTarget("elections.poll", poll.ref, poll.constituency_id) for poll in result.polls]
        audit.record(actor, "elections.schedule_imported", None, data=counts, batch=batch)
    return result


def _import_poll(
    actor: Actor, one: PollPlan, plan: Plan, occasions: dict[tuple[int, int], int], result: ImportResult, now: datetime
) -> None:
    state = queries.find_state(one.state)
    units, reason = _units_of(one, plan, state)
    if reason:
        result.rejects.append((one.lines[0], reason))
    by_election = bool(BY_ELECTION.search(one.kind))
    for unit in units:
        access.require(actor, "elections.import", unit)
        election = ensure_election(
            key=one.election or f"{one.state or 'election'} {one.day}", kind=one.kind, state=state,
            by_election=by_election, now=now, counting_on=one.counting,
            announced_at=local_at(one.announced, time.min) if one.announced else None,
        )  # fmt: skip
        _import_unit(actor, election, unit, one, occasions, result, now)


def _units_of(one: PollPlan, plan: Plan, state: Unit | None) -> tuple[list[Unit], str]:
    """The constituencies a planned poll stands for, and why some or all are missing."""
    if one.place is not None:
        names = [name for name in (one.place.name, one.place.other_name) if name]
        if PARLIAMENT.search(one.kind):
            return queries.constituencies_of_parliament(state, one.place.number, names)
        unit, reason = queries.find_constituency(state, one.place.number, names)
        return ([unit] if unit else []), reason
    if state is None:
        return [], f"{one.state or 'the state'} is not in the tree"
    everyone = list(org_queries.constituencies_under(state.path).select_related("level"))
    named = _named_elsewhere(one, plan, state)
    rest = [unit for unit in everyone if unit.pk not in named]
    if one.count is not None and one.count != len(rest):
        return [], f"{one.count} constituencies are not named, and {len(rest)} could be meant: import their list"
    return rest, ""


def _named_elsewhere(one: PollPlan, plan: Plan, state: Unit) -> set[int]:
    """Constituencies of the same election and day that have a line of their own, or are left out in words."""
    places = [
        (poll.place.number, [poll.place.name, poll.place.other_name])
        for poll in plan.polls
        if poll.place and (poll.election, poll.phase, poll.day) == (one.election, one.phase, one.day)
    ]
    places += [(None, [name]) for name in one.left_out]
    found = [queries.find_constituency(state, number, [n for n in names if n])[0] for number, names in places]
    return {unit.pk for unit in found if unit}


def _import_unit(
    actor: Actor, election: Election, unit: Unit, one: PollPlan, occasions: dict[tuple[int, int], int],
    result: ImportResult, now: datetime,
) -> None:  # fmt: skip
    assert one.day is not None
    hours = Hours(
        one.day, one.closes, one.start, Status.SCHEDULED if one.status == "scheduled" else Status.OFF, one.code or None
    )
    notification = one.source or "schedule file"
    key = (election.pk, unit.pk)
    counted = hours.status == Status.SCHEDULED
    occasion = occasions.get(key, 0) + 1 if counted else max(occasions.get(key, 1), 1)
    if one.again and occasion == 1:
        occasion = queries.occasion_of_repoll(election, unit, one.day)
    if counted:
        occasions[key] = occasion
    poll = Poll.objects.select_for_update().filter(election=election, constituency=unit, occasion=occasion).first()
    if poll is None:
        poll = add_poll(
            actor=actor, election=election, constituency=unit, hours=hours, notification=notification, now=now,
            phase=one.phase, occasion=occasion, note=one.note,
        )  # fmt: skip
        result.created += 1
    else:
        _import_again(actor, poll, hours, notification, one, result, now)
    result.polls.append(poll)


def _import_again(
    actor: Actor, poll: Poll, hours: Hours, notification: str, one: PollPlan, result: ImportResult, now: datetime
) -> None:
    versions = queries.versions_of(poll)
    if any(hours.same_as(version) for version in versions if version.state != State.REFUSED):
        result.unchanged += 1
    elif poll in result.polls:
        # The same file says what it replaces: an old day put off, then the new one. Both are the first import.
        _put_in_force(_add_version(poll, hours, notification, one.note, State.PROPOSED, actor, now), None, now)
    elif any(version.state == State.PROPOSED for version in versions):
        result.rejects.append((one.lines[0], "another correction of this poll waits for its second person"))
    else:
        _add_version(poll, hours, notification, one.note, State.PROPOSED, actor, now)
        result.proposed += 1


def _import_exit(row: ExitRow, now: datetime) -> int:
    state = queries.find_state(row.state)
    starts, ends = (local_at(at.date(), at.time()) for at in (row.starts, row.ends))
    election = ensure_election(key=row.election or f"{row.state} {row.starts.date()}", state=state, now=now)
    _window, made = ExitPollWindow.objects.get_or_create(
        election=election, starts_at=starts, ends_at=ends, replaced_at=None,
        defaults={"notification": row.source, "created_at": now},
    )  # fmt: skip
    return int(made)


@transaction.atomic
def propose_correction(
    *, actor: Actor, poll_ref: UUID, hours: Hours, notification: str, note: str = "", now: datetime
) -> PollVersion:
    """Say what a notification says otherwise. Nothing changes until a second person confirms it.

    Raises NotFound, NeedsSecondFactor, BadInput (no notification, nothing differs, another proposal waits).
    """
    poll = queries.get_poll(actor=actor, ref=poll_ref, right="elections.correct", lock=True)
    if len(notification.strip()) < 5:
        raise BadInput(fields={"notification": _("Say which notification says so: its number and date.")})
    standing = [v for v in queries.versions_of(poll) if v.state in (State.LIVE, State.PROPOSED)]
    if any(version.state == State.PROPOSED for version in standing):
        raise BadInput(_("Another correction of this poll waits for its second person."))
    if any(hours.same_as(version) for version in standing):
        raise BadInput(_("This is what the row says already."))
    version = _add_version(poll, hours, notification, note, State.PROPOSED, actor, now)
    audit.record(
        actor, "elections.correction_proposed", poll, unit=poll.constituency, data={"notification": notification}
    )
    return version


@transaction.atomic
def confirm_correction(*, actor: Actor, ref: UUID, now: datetime) -> PollVersion:
    """The second person puts a correction in force; the old version stays. Windows change with this transaction.

    Raises NotFound, NeedsSecondFactor, NotAllowed (the same person, by whatever seat or login).
    """
    version = queries.get_proposal(actor=actor, ref=ref, lock=True)
    require_another(actor, version)
    _put_in_force(version, actor.person_id, now)
    org.set_poll_close(poll_ref=version.poll.ref, closes_at=queries.poll_ends_at(version.poll))
    _reopen(version, now)
    audit.record(
        actor, "elections.poll_corrected", version.poll, unit=version.poll.constituency,
        data={"notification": version.notification, "version": version.number, "poll": str(version.poll.ref)},
    )  # fmt: skip
    return version


def _put_in_force(version: PollVersion, person_id: int | None, now: datetime) -> None:
    PollVersion.objects.filter(poll=version.poll, state=State.LIVE).update(state=State.REPLACED)
    version.state, version.decided_by_id, version.decided_at = State.LIVE, person_id, now
    version.save(update_fields=["state", "decided_by", "decided_at"])


def _reopen(version: PollVersion, now: datetime) -> None:
    """A poll put to a later day is not closed any more."""
    if version.quiet_to > now and version.poll.closed_at is not None:
        Poll.objects.filter(pk=version.poll_id).update(closed_at=None)


@transaction.atomic
def refuse_correction(*, actor: Actor, ref: UUID, now: datetime) -> PollVersion:
    """Take a proposal off the table; the proposer may do that too. Raises NotFound or NeedsSecondFactor."""
    version = queries.get_proposal(actor=actor, ref=ref, lock=True)
    take_off(version, actor=actor, now=now)
    audit.record(actor, "elections.correction_refused", version.poll, unit=version.poll.constituency)
    return version


# The team of a constituency round the clock until its poll closes: 21 people (the organisation's norm).
TEAM_UNTIL_POLL = (("constituency_team", "constituency_lead", 1), ("constituency_team", "constituency_member", 20))


@transaction.atomic
def open_poll_team(*, actor: Actor, poll_ref: UUID, now: datetime) -> int:
    """Open the seats of the constituency's team until this poll closes; how many, 0 when they are open already.

    Raises NotFound, NotAllowed, NeedsSecondFactor, or WrongState when the poll is over.
    """
    poll = queries.get_poll(actor=actor, ref=poll_ref, lock=True)
    access.require(actor, "org.shape", poll.constituency)
    if poll.closed_at is not None:
        raise WrongState(_("This poll is over. No team was opened."))
    if org_queries.has_norm_until(poll.ref):
        return 0
    for team, role, count in TEAM_UNTIL_POLL:
        org.set_norm(
            actor=actor, team_kind=org_queries.team_kind(team), role=org_queries.role(role), count=count,
            scope=poll.constituency, only_units=[poll.constituency], now=now, until_poll_ref=poll.ref,
            closes_at=queries.poll_ends_at(poll), reason="poll",
        )  # fmt: skip
    return sum(count for _team, _role, count in TEAM_UNTIL_POLL)


@transaction.atomic
def add_repoll(*, actor: Actor, poll_ref: UUID, hours: Hours, notification: str, now: datetime) -> Poll:
    """The same constituency polls once more in the same election: in force at once, because it only adds silence.

    Raises NotFound, NeedsSecondFactor, NotAllowed or BadInput (no notification, not after the first poll's day).
    """
    poll = queries.get_poll(actor=actor, ref=poll_ref, right="elections.correct", lock=True)
    live = queries.live_version(poll)
    if len(notification.strip()) < 5:
        raise BadInput(fields={"notification": _("Say which notification says so: its number and date.")})
    if live is not None and live.status == Status.SCHEDULED and hours.day <= live.poll_on:
        raise BadInput(fields={"day": _("A poll is repeated on a later day.")})
    occasion = queries.occasion_of_repoll(poll.election, poll.constituency, hours.day)
    found = add_poll(
        actor=actor, election=poll.election, constituency=poll.constituency, hours=hours, notification=notification,
        now=now, phase=poll.phase, occasion=occasion,
    )  # fmt: skip
    audit.record(
        actor, "elections.repoll_added", found, unit=found.constituency, data={"notification": notification.strip()}
    )
    return found


def close_polls(*, actor: Actor, now: datetime) -> int:
    """End what was opened until a poll closes, for every poll that is over: seats end, access is gone. How many."""
    closed: Iterable[Poll] = [poll for poll in queries.polls_closed_by(now) if _close(actor, poll, now)]
    return len(list(closed))


@transaction.atomic
def _close(actor: Actor, poll: Poll, now: datetime) -> bool:
    locked = Poll.objects.select_for_update().filter(pk=poll.pk, closed_at=None).first()
    if locked is None:
        return False
    seats = org.close_norms_for_poll(actor=actor, poll_ref=poll.ref, now=now)
    Poll.objects.filter(pk=poll.pk).update(closed_at=now)
    audit.record(actor, "elections.poll_closed", poll, unit=poll.constituency, data={"seats": seats})
    return True
