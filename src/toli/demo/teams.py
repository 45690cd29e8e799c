"""Norms of the organisation and the seats they open: 5, 5, 21 until the poll closes, 10, and five panchayats."""

from datetime import datetime

from toli.demo.sizes import STATE
from toli.elections import services as elections
from toli.elections.models import Poll
from toli.kit.actor import Actor
from toli.org import queries as org
from toli.org import services
from toli.org.models import Level, Role, Seat, SeatCharge, TeamKind, Unit, Wing

# team kind, role, count
STANDING = (
    ("state_team", "state_coordinator", 1),
    ("state_team", "state_member", 4),
    ("district_team", "district_coordinator", 1),
    ("district_team", "district_member", 4),
    ("block_team", "block_coordinator", 1),
    ("booth_team", "booth_lead", 1),
    ("booth_team", "booth_youth", 9),
)
WINGS = ("youth", "women")


def set_norms(*, actor: Actor, polls: dict[int, Poll], now: datetime) -> None:
    """Open every seat of the organisation, and the 21 of each seat that votes."""
    state = org.unit_by_code("eci", STATE)
    assert state is not None
    kinds = {kind.key: kind for kind in TeamKind.objects.select_related("level")}
    roles = {role.key: role for role in Role.objects.all()}
    for kind, role, count in STANDING:
        services.set_norm(actor=actor, team_kind=kinds[kind], role=roles[role], count=count, scope=state, now=now)
    services.set_norm(
        actor=actor, team_kind=kinds["block_team"], role=None, count=5, scope=state, now=now,
        covered_level=Level.objects.get(key="panchayat"),
    )  # fmt: skip
    for poll in polls.values():
        elections.open_poll_team(actor=actor, poll_ref=poll.ref, now=now)
    _wing_teams(actor, polls, kinds, roles, now)
    _give_charges(polls)


def _wing_teams(
    actor: Actor, polls: dict[int, Poll], kinds: dict[str, TeamKind], roles: dict[str, Role], now: datetime
) -> None:
    """Two members of the youth and of the women's wing in each district where a seat votes."""
    wings = {wing.key: wing for wing in Wing.objects.filter(key__in=WINGS)}
    for district in districts_of(polls):
        for key in WINGS:
            services.set_norm(
                actor=actor, team_kind=kinds["district_team"], role=roles["district_member"], wing=wings[key], count=2,
                scope=district, now=now,
            )  # fmt: skip


def districts_of(polls: dict[int, Poll]) -> list[Unit]:
    """The districts of the seats that vote."""
    units = [Unit.objects.get(pk=poll.constituency_id) for poll in polls.values()]
    found = {unit.pk: unit for seat in units for unit in org.ancestors_of(seat) if unit.level.key == "district"}
    return list(found.values())


def _give_charges(polls: dict[int, Poll]) -> None:
    """Two of the state five look after the districts and seats that vote, not the whole state."""
    members = Seat.objects.filter(team_kind__key="state_team", role__key="state_member", number__gte=3)
    units = [*districts_of(polls), *(Unit.objects.get(pk=poll.constituency_id) for poll in polls.values())]
    SeatCharge.objects.bulk_create([SeatCharge(seat=seat, unit=unit) for seat in members for unit in units])
