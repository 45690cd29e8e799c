"""Loads the demo: one transaction, so that a start cut short leaves nothing half done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from time import perf_counter

from django.db import connection, transaction

from toli.accounts import queries as accounts
from toli.accounts import services as account_services
from toli.audit import services as audit
from toli.demo import channels, days, desk, drive, duty, earlier, groups, history, interviews, named, truth, words, work
from toli.demo.actors import actor_of
from toli.demo.cast import CAST, Role
from toli.demo.people import FIRST_CROWD, Made, crowd, make_people
from toli.demo.polls import call_elections
from toli.demo.seating import OpenSeat, count_facts, offer_seats, open_seats, seat_people, wing_seats
from toli.demo.sizes import STATE, Size
from toli.demo.teams import set_norms
from toli.demo.tree import plant_tree
from toli.elections.models import Poll
from toli.kit.actor import Actor, SystemActor
from toli.org import queries as org
from toli.org import services
from toli.org.importing import facts
from toli.org.models import Unit
from toli.recruitment import services as recruitment
from toli.recruitment.models import Drive

SEED = 2021
GROWS = frozenset({"tree", "norms and seats", "people", "work"})
"""Steps that write so much that the planner must hear of it before the next."""
EARLIER, FALSE_ENTRIES, CAMP, UNKNOWN_PHONE = "rajsamand", "udaipur", "churu", "rajsamand"
"""Districts of the earlier drive, of the false entries, of a camp with one phone, of a phone nobody knows."""
ON_A_PANEL, ON_NO_PANEL = ("gopal", "hema"), ("bilal", "kamla")
Say = Callable[[str], None]


@dataclass
class Demo:
    """What is known while loading. `people` by the key of the cast; `crowd` is everybody else."""

    size: Size
    now: datetime
    say: Say
    actor: SystemActor = field(default_factory=lambda: SystemActor(request_id="demo"))
    random: Random = field(default_factory=lambda: Random(SEED))
    polls: dict[int, Poll] = field(default_factory=dict)
    people: dict[str, Made] = field(default_factory=dict)
    crowd: list[Made] = field(default_factory=list)
    actors: dict[str, Actor] = field(default_factory=dict)
    waiting: list[Made] = field(default_factory=list)
    """People of the crowd without a seat."""
    floods: truth.Floods = field(default_factory=truth.Floods)
    drive: Drive = field(init=False)

    def step(self, name: str, work: Callable[["Demo"], None]) -> None:
        started = perf_counter()
        work(self)
        if name in GROWS:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # inside one transaction no autovacuum sees what was just written
        self.say(f"  {name} ({perf_counter() - started:.1f} s)")


def is_loaded() -> bool:
    """True when this database is a demo that has its tree."""
    return accounts.is_demo() and org.unit_by_code("eci", STATE) is not None


@transaction.atomic
def load(*, size: Size, now: datetime, say: Say) -> Demo:
    """Make this installation a demo and fill it. Raises WrongState where it is none."""
    account_services.create_deployment(is_demo=True, now=now)
    demo = Demo(size, now, say)
    for name, fill in STEPS:
        demo.step(name, fill)
    audit.record(demo.actor, "demo.loaded", None, data={"size": size.name, "people": len(demo.crowd) + len(CAST)})
    return demo


def _tree(demo: Demo) -> None:
    outcome = plant_tree(actor=demo.actor, size=demo.size, random=demo.random)
    demo.say(f"  {outcome.added:,} units")


def _polls(demo: Demo) -> None:
    demo.polls = call_elections(actor=demo.actor, now=demo.now)


def _norms(demo: Demo) -> None:
    set_norms(actor=demo.actor, polls=demo.polls, now=demo.now)


def _people(demo: Demo) -> None:
    """The cast on their seats, then the crowd from the top of the tree down."""
    free = open_seats()
    taken = {role.key: _seat_of(role, free) for role in CAST}
    booths = [seat for seat in free if seat.team == "booth_team"]
    homes = [seat.unit_id if (seat := taken[role.key]) else _place(role).pk for role in CAST]
    made = make_people(
        actor=demo.actor, names=[role.name for role in CAST], homes=homes, women=[role.woman for role in CAST],
        first_number=1, random=demo.random, weeks=demo.size.weeks, now=demo.now, from_the_start=True,
    )  # fmt: skip
    demo.people = {role.key: person for role, person in zip(CAST, made, strict=True)}
    pairs = [(seat, demo.people[key]) for key, seat in taken.items() if seat]
    chosen = _chosen(free, demo)
    unseated = demo.size.people - len(CAST) - len(chosen)
    homes = [seat.unit_id for seat, _offered in chosen] + _homes_of_waiting(booths, unseated, demo)
    names, women = crowd(demo.random, len(homes))
    demo.crowd = make_people(
        actor=demo.actor, names=names, homes=homes, women=women, first_number=FIRST_CROWD, random=demo.random,
        weeks=demo.size.weeks, now=demo.now,
    )  # fmt: skip
    seated = list(zip(chosen, demo.crowd, strict=False))
    demo.waiting = demo.crowd[len(chosen) :]
    pairs += [(seat, person) for (seat, offered), person in seated if not offered]
    seat_people(pairs + _wing_pairs(demo), random=demo.random, now=demo.now)
    offers = [(seat, person) for (seat, offered), person in seated if offered]
    nisha = next(seat for seat in free if seat.unit_id == demo.people["nisha"].home and seat.id not in _ids(chosen))
    offer_seats([*offers, (nisha, demo.people["nisha"])], random=demo.random, now=demo.now)
    count_facts(now=demo.now)


def _ids(chosen: list[tuple[OpenSeat, bool]]) -> set[int]:
    return {seat.id for seat, _offered in chosen}


def _wing_pairs(demo: Demo) -> list[tuple[OpenSeat, Made]]:
    """Three of four seats of the wings' teams, from those who have no seat yet."""
    pairs = []
    for nth, (seat, wing) in enumerate(wing_seats()):
        fits = next((one for one in demo.waiting if one.woman or wing != "women"), None)
        if nth % 4 and fits is not None:
            demo.waiting.remove(fits)
            pairs.append((seat, fits))
    return pairs


# How much of a team is held, and how much is offered; a booth where nobody votes takes the size's share.
SHARES = {
    "state_team": (1.0, 0.0), "district_team": (0.92, 0.04), "constituency_team": (0.72, 0.12),
    "block_team": (0.85, 0.1), "booth_team": (0.6, 0.04),
}  # fmt: skip


def _chosen(free: list[OpenSeat], demo: Demo) -> list[tuple[OpenSeat, bool]]:
    """Seats to fill, highest teams first, and whether each is only offered; as many as there are people for."""
    voting = tuple(Unit.objects.get(pk=poll.constituency_id).path for poll in demo.polls.values())
    order = list(SHARES)
    chosen: list[tuple[OpenSeat, bool]] = []
    for seat in sorted(free, key=lambda s: (order.index(s.team), not s.path.startswith(voting), s.path)):
        held, offered = SHARES[seat.team]
        here = seat.path.startswith(voting) or seat.team in ("state_team", "district_team")
        if seat.team == "booth_team" and not here:
            held = demo.size.booths_held
        draw = demo.random.random()
        lead = seat.role in ("booth_lead", "district_coordinator", "constituency_lead")
        if draw < held + (0.25 if lead else 0) or (here and draw < held + offered):
            chosen.append((seat, not lead and draw >= held))
    most = demo.size.people - len(CAST) - demo.size.applicants
    return chosen[:most]


def _homes_of_waiting(free: list[OpenSeat], count: int, demo: Demo) -> list[int]:
    """Where those live who have no seat yet: at booths, most of them where a seat votes."""
    booths = sorted({(seat.path, seat.unit_id) for seat in free})
    voting = tuple(Unit.objects.get(pk=poll.constituency_id).path for poll in demo.polls.values())
    near = [unit for path, unit in booths if path.startswith(voting)]
    far = [unit for _path, unit in booths]
    return [demo.random.choice(near if demo.random.random() < 0.7 else far) for _n in range(count)]


def _district(key: str) -> Unit:
    unit = org.unit_by_code("org", facts.district_key(STATE, key).partition(":")[2])
    assert unit is not None, key
    return unit


def _place(role: Role) -> Unit:
    """The unit a role of the cast belongs to."""
    if not role.place:
        code = ("eci", STATE)
    elif role.place[0].isalpha():
        code = ("org", facts.district_key(STATE, role.place).partition(":")[2])
    elif "/" not in role.place:
        code = ("eci", f"{STATE}/{role.place}")
    elif role.team == "block_team":
        number, _slash, nth = role.place.partition("/")
        code = ("org", f"{STATE}/{number}/block/{nth}")
    else:
        code = ("eci", f"{STATE}/{role.place}/main")
    unit = org.unit_by_code(*code)
    assert unit is not None, role.place
    return unit


def _seat_of(role: Role, free: list[OpenSeat]) -> OpenSeat | None:
    if not role.team:
        return None
    unit = _place(role)
    seat = next(s for s in free if (s.unit_id, s.team, s.role) == (unit.pk, role.team, role.role))
    free.remove(seat)
    return seat


def _seats(demo: Demo) -> dict[int, Unit]:
    return {number: Unit.objects.get(pk=poll.constituency_id) for number, poll in demo.polls.items()}


def _state() -> Unit:
    unit = org.unit_by_code("eci", STATE)
    assert unit is not None
    return unit


def _work(demo: Demo) -> None:
    demo.actors = {key: actor_of(made, now=demo.now) for key, made in demo.people.items()}
    ids = {key: made.id for key, made in demo.people.items()}
    tasks = work.give_work(actors=demo.actors, people=ids, now=demo.now)
    work.for_the_named(actors=demo.actors, tasks=tasks, now=demo.now)


def _words(demo: Demo) -> None:
    words.write_words(actors=demo.actors, state=_state(), seats=_seats(demo), now=demo.now)


def _channels(demo: Demo) -> None:
    channels.open_channels(actors=demo.actors, state=_state(), now=demo.now)


def _desk(demo: Demo) -> None:
    desk.work_desk(actors=demo.actors, state=_state(), seats=_seats(demo), now=demo.now)


def _groups(demo: Demo) -> None:
    groups.run_groups(actors=demo.actors, state=_state(), seats=_seats(demo), now=demo.now)


def _duty(demo: Demo) -> None:
    duty.keep_watch(asha=demo.actors["asha"], state=_state(), seats=_seats(demo), now=demo.now)


def _earlier(demo: Demo) -> None:
    district = _district(EARLIER)
    homes = Unit.objects.filter(path__gte=district.path, path__lt=district.path[:-1] + "0").values_list("pk", flat=True)
    people = earlier.chosen(demo.waiting, set(homes), now=demo.now)
    seated = earlier.run(people, actors=demo.actors, district=district, random=demo.random, now=demo.now)
    demo.waiting = [one for one in demo.waiting if one.id not in seated]


def _drive(demo: Demo) -> None:
    demo.drive = drive.open_drive(actor=demo.actors["asha"], state=_state(), size=demo.size, now=demo.now)
    where = truth.Districts(*(_district(place).pk for place in (FALSE_ENTRIES, CAMP, UNKNOWN_PHONE)))
    entries = drive.entries_of(demo.waiting, random=demo.random)
    entries, demo.floods = truth.flood(entries, where, now=demo.now)
    drive.apply_in_sets(demo.drive, entries, members=demo.crowd[:500], random=demo.random)
    drive.explain_past(actor=demo.actors["asha"])


def _truth(demo: Demo) -> None:
    asha = demo.actors["asha"]
    truth.find(actor=asha, drive=demo.drive, floods=demo.floods, now=demo.now)
    asked = _district(FALSE_ENTRIES).pk
    truth.call_back(actor=asha, drive=demo.drive, floods=demo.floods, asked=asked, now=demo.now)


def _interviews(demo: Demo) -> None:
    named = interviews.Named(*([demo.people[key].id for key in keys] for keys in (ON_A_PANEL, ON_NO_PANEL)))
    interviews.swing(actor=demo.actors["asha"], drive=demo.drive, size=demo.size, named=named, now=demo.now)
    recruitment.count_funnel(drive=demo.drive, now=demo.now)


def _named(demo: Demo) -> None:
    named.name_some(actor=demo.actor, random=demo.random, now=demo.now)


def _days(demo: Demo) -> None:
    people = [*demo.people.values(), *demo.crowd]
    days.live_through(people, days=demo.size.days_kept, random=demo.random, now=demo.now)


def _history(demo: Demo) -> None:
    history.tell(actor=demo.actor, now=demo.now)


def _figures(demo: Demo) -> None:
    while services.fold_counts():
        pass


STEPS: tuple[tuple[str, Callable[[Demo], None]], ...] = (
    ("tree", _tree),
    ("polls", _polls),
    ("norms and seats", _norms),
    ("people", _people),
    ("work", _work),
    ("words", _words),
    ("channels", _channels),
    ("desk", _desk),
    ("groups", _groups),
    ("duty", _duty),
    ("earlier drive", _earlier),
    ("drive", _drive),
    ("call-backs", _truth),
    ("interviews", _interviews),
    ("named", _named),
    ("days", _days),
    ("history", _history),
    ("figures", _figures),
)
