"""A million decisions of the gate, and a hundred thousand waiting messages judged again after a row of law changed.

The decisions: 200 constituencies that poll in four phases with several closing hours, one in ten without an hour; every
kind of item, every kind of channel, at moments spread over the last month before the count. Each is one `may_publish`
call with its Verdict. The peer is an empty function called as often with the same arguments in the same loop.

The messages lie in the outbox of a database of its own: 200 constituencies, appeals with their certificates and
internal ones. Two persons move the poll of each constituency of a phase; then one `judge_again` asks about all of them.
"""

from __future__ import annotations

import os
import random
import resource
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import TYPE_CHECKING, Any

from toli.elections.gate import PULSE, SHARE, SMS, TASK, Certificate, Channel, Subject, may_publish
from toli.elections.silence import quiet_window
from toli.elections.windows import Span, UnitWindow, Windows

if TYPE_CHECKING:
    from toli.org.models import Unit

FULL_SIZE = 1_000_000
SEATS = 200
MESSAGES = 100_000
BATCH = 100_000
GOALS = {"decisions_a_minute": 1_000_000, "judge_seconds": 10.0}
FIRST_DAY = date(2031, 4, 17)
COUNT = datetime(2031, 5, 13, 2, 30, tzinfo=UTC)


def run(*, size: int | None, quiet: bool) -> dict[str, object]:
    """Decisions per second beside an empty call; and seconds to judge 100,000 messages again."""
    size = size or FULL_SIZE
    began = time.monotonic()
    found = decide(size)
    messages = MESSAGES if size >= FULL_SIZE else max(size // 10, 1000)
    found |= judge(messages)
    result: dict[str, object] = {
        "bench": "gate", "size": size, "seconds": round(time.monotonic() - began, 1), "rate": found.pop("rate"),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "peer": "an empty function called with the same arguments in the same loop, same run",
        "ratio": found.pop("ratio"), "p95_ms": None, "partial": size < FULL_SIZE, "goals": GOALS,
        "load": [round(one, 1) for one in os.getloadavg()], **found,
    }  # fmt: skip
    if not quiet:
        for name, value in result.items():
            print(f"  {name}: {value}")
    return result


# Decisions


def windows_of_a_state() -> Windows:
    """Four phases a week apart, hours from 15:00 to 18:00, some with two hours, some with none."""
    dice = random.Random(20_310_417)
    windows = []
    for unit in range(1, SEATS + 1):
        day = FIRST_DAY + timedelta(days=7 * (unit % 4))
        hours = dice.choices([[18], [17], [16], [15], [15, 18], []], [60, 10, 5, 5, 10, 10])[0]
        names = {"hi": f"सीट {unit}", "en": f"Seat {unit}"}
        window = quiet_window(day, [clock(hour) for hour in hours])
        windows.append(UnitWindow(unit, window, f"poll {unit}", "notification 1/2031", names))
    exits = [Span(datetime(2031, 4, 17, 1, 30, tzinfo=UTC), datetime(2031, 5, 8, 13, tzinfo=UTC), "notification 2")]
    codes = [Span(datetime(2031, 3, 20, 6, tzinfo=UTC), COUNT, "general election")]
    return Windows(windows, exits=exits, codes=codes)


Question = tuple[Subject, int | None, Channel, datetime]


def questions(number: int) -> list[Question]:
    """What is asked: mostly appeals on the pulse and by share, some civic and internal, some paid, named or polls."""
    dice = random.Random(7)
    until = COUNT + timedelta(days=9)
    paper = Certificate("7/2031", "Jaipur", until, "h")
    subjects = [
        *[Subject("appeal", "h")] * 10, *[Subject("civic", "h")] * 3, *[Subject("internal", "h")] * 3,
        Subject("appeal", "h", paid=True, certificate=paper), Subject("appeal", "h", paid=True),
        Subject("appeal", "h", ai="labelled"), Subject("appeal", "h", ai="unlabelled"),
        Subject("civic", "h", topics=frozenset({"exit_poll"})),
        Subject("civic", "h", topics=frozenset({"opinion_poll"})),
        *[Subject("appeal", "h", names_units=frozenset({dice.randint(1, SEATS)})) for _n in range(3)],
    ]  # fmt: skip
    channels = [*[PULSE] * 6, SHARE, TASK, SMS, Channel("telegram", aimed=False)]
    first = datetime(2031, 4, 10, tzinfo=UTC)
    minutes = int((COUNT - first).total_seconds() // 60)
    found: list[Question] = []
    for _n in range(number):
        channel = dice.choice(channels)
        unit = dice.randint(1, SEATS) if channel.aimed else None
        found.append((dice.choice(subjects), unit, channel, first + timedelta(minutes=dice.randrange(minutes))))
    return found


def _empty(subject: Subject, unit_id: int | None, channel: Channel, now: datetime, *, windows: Windows) -> object:
    return None


def _ask(act: Callable[..., object], asked: Sequence[Question], windows: Windows) -> float:
    began = time.perf_counter()
    for subject, unit_id, channel, now in asked:
        act(subject, unit_id, channel, now, windows=windows)
    return time.perf_counter() - began


def decide(size: int) -> dict[str, Any]:
    windows = windows_of_a_state()
    asked = questions(min(size, BATCH))
    refused = sum(not may_publish(*question, windows=windows) for question in asked)
    ours = peer = processor = 0.0
    rounds = -(-size // len(asked))
    for _round in range(rounds):
        before = time.process_time()
        ours += _ask(may_publish, asked, windows)
        processor += time.process_time() - before
        peer += _ask(_empty, asked, windows)
    done = rounds * len(asked)
    return {
        "rate": round(done / ours), "ratio": round(peer / ours, 4), "decisions": done,
        "decisions_a_minute": round(done / ours * 60),
        "decisions_a_processor_minute": round(done / processor * 60), "microseconds_each": round(ours / done * 1e6, 2),
        "empty_call_microseconds": round(peer / done * 1e6, 3), "refused_share": round(refused / len(asked), 3),
    }  # fmt: skip


# Messages judged again

FILL = """
INSERT INTO delivery_message
    (ref, key, template, channel, language, params, purpose, unit_id, kind, subject_hash, certificate, state, attempts,
     next_try_at, expires_at, provider, provider_ref, reason, created_at)
SELECT gen_random_uuid(), 'bench:' || n, 'appeal', 'sms', 'hi', jsonb_build_object('text', n::text, 'link', ''), 'news',
       (%(units)s::bigint[])[1 + n %% cardinality(%(units)s::bigint[])],
       CASE WHEN n %% 5 = 0 THEN 'internal' ELSE 'appeal' END, md5(n::text),
       CASE WHEN n %% 5 = 0 THEN NULL ELSE jsonb_build_object(
           'number', '7/2031', 'committee', 'Jaipur', 'valid_until', %(valid)s::text, 'file_hash', md5(n::text)) END,
       'waiting', 0, %(now)s, %(now)s + interval '30 days', '', '', '', %(now)s
FROM generate_series(1, %(size)s::int) AS n
"""
BARE = "UPDATE delivery_message SET next_try_at = next_try_at, reason = reason || '' WHERE state = 'waiting'"


def judge(size: int) -> dict[str, Any]:
    """Fill the outbox, let the silence of every seat begin, free it again; the peer is one bare UPDATE of the rows."""
    from toli.bench.tree_bench import database

    with database():
        return _judge(size)


def _judge(size: int) -> dict[str, Any]:
    from django.db import connection

    from toli.delivery import services as delivery
    from toli.kit.actor import SystemActor

    actor, now = SystemActor(request_id="bench"), datetime.now(UTC)
    units = _seats()
    with connection.cursor() as cursor:
        given: dict[str, Any] = {
            "units": [u.pk for u in units],
            "now": now,
            "size": size,
            "valid": (now + timedelta(40)).isoformat(),
        }
        cursor.execute(FILL, given)
        cursor.execute("ANALYZE delivery_message")
        began = time.perf_counter()
        cursor.execute(BARE)
        bare = time.perf_counter() - began
    _poll(units, now, days=1)
    held_seconds, held = _timed(lambda: delivery.judge_again(actor=actor, now=now))
    _poll(units, now, days=20)
    freed_seconds, freed = _timed(lambda: delivery.judge_again(actor=actor, now=now))
    appeals = size - size // 5
    if (held.held, freed.freed) != (appeals, appeals):
        raise SystemExit(f"Wrong: {held} and {freed} of {appeals} appeals.")
    return {
        "messages": size, "judge_seconds": round(max(held_seconds, freed_seconds), 2),
        "hold_seconds": round(held_seconds, 2), "free_seconds": round(freed_seconds, 2),
        "bare_update_seconds": round(bare, 2), "ratio_to_bare_update": round(bare / max(held_seconds, freed_seconds), 3),
    }  # fmt: skip


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = act()
    return time.perf_counter() - began, found


def _seats() -> list[Unit]:
    from django.utils import timezone

    from toli.accounts import services as accounts
    from toli.kit.actor import SystemActor
    from toli.org import services as org
    from toli.org.models import Level

    actor, levels = SystemActor(request_id="bench"), {level.key: level for level in Level.objects.all()}
    accounts.create_deployment(is_demo=True, now=timezone.now())
    org.ensure_base()
    levels = {level.key: level for level in Level.objects.all()}

    def unit(level: str, name: str, parent: Unit | None) -> Unit:
        return org.create_unit(actor=actor, level=levels[level], names={"hi": name, "en": name}, parent=parent)

    state = unit("state", "State", None)
    district = unit("district", "District", state)
    return [unit("constituency", f"Seat {n}", district) for n in range(1, SEATS + 1)]


def _poll(units: Sequence[Unit], now: datetime, *, days: int) -> None:
    """The polls of all seats so many days ahead: made, or moved as the second person of a correction does."""
    from toli.elections import services
    from toli.elections.models import Poll
    from toli.kit.actor import SystemActor
    from toli.kit.dates import local_day

    actor = SystemActor(request_id="bench")
    hours = services.Hours(local_day(now) + timedelta(days=days), (clock(18),), clock(7))
    election = services.ensure_election(key="bench", by_election=True, now=now)
    for unit in units:
        poll = Poll.objects.filter(constituency=unit).first()
        if poll is None:
            services.add_poll(
                actor=actor, election=election, constituency=unit, hours=hours, notification="bench 1", now=now
            )
        else:
            _move(poll, hours, now)


def _move(poll: Any, hours: Any, now: datetime) -> None:
    """A bench has no two persons: it writes what a confirmed correction leaves."""
    from toli.elections.models import PollVersion
    from toli.elections.silence import quiet_window

    window = quiet_window(hours.day, hours.closes)
    PollVersion.objects.filter(poll=poll, state="live").update(state="replaced")
    PollVersion.objects.create(
        poll=poll, number=2, state="live", poll_on=hours.day, opens=hours.opens, closes=list(hours.closes),
        quiet_kind=window.kind, quiet_from=window.starts, quiet_to=window.ends, confirmed=True,
        notification="bench 2", proposed_at=now, decided_at=now,
    )  # fmt: skip
