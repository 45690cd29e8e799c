"""A new list of polling stations against the old one: proposed, decided, then applied in one transaction.

The booth is ours and stays: its people and seats with it; only its number is a new dated code. What vanished is
closed when it is empty, or its people go to a booth that somebody chose.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count as CountOf
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.org import services
from toli.org.importing import files, mapping
from toli.org.importing.asking import get_import
from toli.org.importing.cells import bare
from toli.org.importing.copying import Folder, array_value, json_value, stage
from toli.org.importing.formats import constituencies_there, numbers_by_name, placed, station_unit
from toli.org.importing.journal import COMPLETE_UNITS, NOTE_CHANGED
from toli.org.importing.loading import STAGE_CHANGES, check_right, load_units
from toli.org.importing.pairing import Station, may_be_same
from toli.org.importing.pairing import propose as proposals
from toli.org.importing.reading import Sheet
from toli.org.importing.rows import Reason, StationRow
from toli.org.importing.stations import key_text, parse_stations
from toli.org.models import Appointment, Import, Membership, NamedHolder, Seat, StationPair, Unit, UnitCode
from toli.org.services import unit_mergers
from toli.org.services.counts import add_counts, facts_of, lock_tree
from toli.org.services.moving import relink, rewrite

Decision = StationPair.Decision
State = Import.State


# -- proposing --


@transaction.atomic
def propose(*, actor: Actor, job: Import, sheet: Sheet) -> None:
    """Compare the list with the booths of every constituency it names; all pairs wait to be decided."""
    check_right(actor)
    parsed = _parsed(job, sheet)
    refused, stations = list(parsed.refused), []
    there = constituencies_there(job.state_code, {row.constituency for row in parsed.rows if row.constituency})
    by_name = numbers_by_name(job.state_code, parsed.rows)
    for row in parsed.rows:
        row, reason = placed(row, there, by_name)
        if reason:
            refused.append(Reason(row.line, reason, "constituency", row.constituency_name))
        else:
            stations.append(row)
    StationPair.objects.filter(imported=job).delete()
    pairs = list(_pairs(job, stations))
    StationPair.objects.bulk_create(pairs, batch_size=2_000)
    files.keep_reasons(job, sorted(refused), parsed.notes, sheet)
    both = sum(1 for pair in pairs if pair.unit_id and pair.line is not None)
    Import.objects.filter(pk=job.pk).update(
        state=State.PAIRING, step="", lines=parsed.lines, refused=len(refused), unread=parsed.unread_columns[:200],
        same=both, added=sum(1 for pair in pairs if not pair.unit_id), stop_asked=False,
    )  # fmt: skip
    job.refresh_from_db()


def _parsed(job: Import, sheet: Sheet) -> Any:
    text = str(job.options.get("mapping", ""))
    if not job.state_code:
        raise BadInput(_("Say which state the file is about: --state S20 (the Election Commission's code)."))
    if not text:
        return parse_stations(sheet)
    start, columns = mapping.mapped_columns(sheet, mapping.read_text(text))
    return parse_stations(sheet, columns=columns, start=start)


def _pairs(job: Import, stations: Sequence[StationRow]) -> Iterator[StationPair]:
    numbers = sorted({row.constituency for row in stations if row.constituency is not None})
    units = _constituency_units(job.state_code, numbers)
    for number in numbers:
        here = [row for row in stations if row.constituency == number]
        old = list(_booths_of(job.state_code, number))
        old_stations = [_old_station(unit, value) for unit, value in old]
        for found in proposals(old_stations, [_new_station(row) for row in here]):
            row = here[found.new] if found.new >= 0 else None
            yield StationPair(
                imported=job, constituency_id=units[number], unit=old[found.old][0] if found.old >= 0 else None,
                line=row.line if row else None, station=_kept(row) if row else None, confidence=found.confidence,
                signs=found.signs,
            )  # fmt: skip


def _constituency_units(state: str, numbers: Sequence[int]) -> dict[int, int]:
    codes = UnitCode.objects.filter(scheme="eci", value__in=[f"{state}/{n}" for n in numbers], valid_to=None)
    return {int(value.rpartition("/")[2]): unit_id for value, unit_id in codes.values_list("value", "unit_id")}


def _booths_of(state: str, number: int) -> Iterator[tuple[Unit, str]]:
    """The live booths of a constituency by their codes, in order; one unit once."""
    codes = UnitCode.objects.filter(
        scheme="eci", value__startswith=f"{state}/{number}/", valid_to=None, unit__active=True,
        unit__level__key="booth",
    ).select_related("unit")  # fmt: skip
    seen: set[int] = set()
    for code in codes.order_by("id"):
        if code.unit_id not in seen:
            seen.add(code.unit_id)
            yield code.unit, code.value


def _old_station(unit: Unit, value: str) -> Station:
    """Number, suffix and kind as the live code says; names and place as the unit has them."""
    stated, kind = value.split("/")[2], value.split("/")[3] if value.count("/") >= 3 else "not_stated"
    digits = "".join(letter for letter in stated if letter.isdigit())
    names = tuple(str(name) for name in (*unit.names.values(), *unit.aliases))
    return Station(
        int(digits or 0), stated.replace(digits, "", 1), kind, names, unit.attrs.get("latitude"),
        unit.attrs.get("longitude"),
    )  # fmt: skip


def _new_station(row: StationRow) -> Station:
    return Station(row.number, row.suffix, row.kind, (row.name,) if row.name else (), row.latitude, row.longitude)


def _kept(row: StationRow) -> dict[str, Any]:
    return row._asdict() | {"facts": dict(row.facts), "code": key_text(row)}


def _row(station: dict[str, Any]) -> StationRow:
    return StationRow(**{name: station[name] for name in StationRow._fields})


# -- deciding --


def _open_job(actor: Actor, ref: UUID) -> Import:
    job = get_import(actor=actor, ref=ref, lock=True)
    check_right(actor)
    if job.state != State.PAIRING:
        raise WrongState()
    return job


@transaction.atomic
def decide(
    *, actor: Actor, ref: UUID, pair_id: int, decision: str, rehome_code: str = "", other_line: int | None = None,
    now: datetime,
) -> StationPair:  # fmt: skip
    """One pair: the same, new, closed, left as it is, parted, or the same as another new station (`other_line`)."""
    job = _open_job(actor, ref)
    pair = _pair(job, pair_id)
    if other_line is not None:
        pair = _exchange(job, pair, other_line)
        decision = Decision.SAME
    elif decision == "part":
        return _part(job, pair)
    _check_fits(pair, decision)
    pair.rehome = _rehome(pair, rehome_code) if decision == Decision.GONE and rehome_code else None
    pair.decision, pair.decided_by_id, pair.decided_at = decision, actor.person_id, now
    pair.save()
    return pair


def _pair(job: Import, pair_id: int) -> StationPair:
    found = StationPair.objects.select_for_update(of=("self",)).select_related("unit").filter(imported=job, pk=pair_id)
    pair = found.first()
    if pair is None:
        raise NotFound()
    return pair


def _check_fits(pair: StationPair, decision: str) -> None:
    both, old_only, new_only = pair.unit_id and pair.station, not pair.station, not pair.unit_id
    fits = {
        Decision.OPEN: True, Decision.SAME: both, Decision.NEW: new_only, Decision.GONE: old_only,
        Decision.KEPT: old_only,
    }  # fmt: skip
    if decision not in fits or not fits[Decision(decision)]:
        raise BadInput(_("This cannot be decided here. Part the pair first."))
    if decision == Decision.SAME:
        _check_kind(pair)


def _check_kind(pair: StationPair) -> None:
    """Never a main and an auxiliary station, whoever says so."""
    code = pair.unit and pair.unit.codes.filter(scheme="eci", valid_to=None).order_by("id").first()
    old = code.value.rpartition("/")[2] if code else "not_stated"
    if pair.station and not may_be_same(old, pair.station["kind"]):
        raise BadInput(_("One of these is a main and the other an auxiliary station. They are never made one."))


def _exchange(job: Import, pair: StationPair, line: int) -> StationPair:
    """The old station of `pair` is the new one of `line`; whatever stood there takes the other."""
    other = StationPair.objects.select_for_update(of=("self",)).filter(imported=job, line=line).first()
    if other is None or pair.unit_id is None:
        raise NotFound(_("The new list has no such line."))
    if other.pk == pair.pk:
        return pair
    mine, theirs = (pair.line, pair.station), (other.line, other.station)
    StationPair.objects.filter(pk=pair.pk).update(line=None, station=None)
    if mine[0] is None and other.unit_id is None:
        other.delete()
    else:
        StationPair.objects.filter(pk=other.pk).update(
            line=mine[0], station=mine[1], confidence=0, signs={}, decision=Decision.OPEN
        )
    pair.line, pair.station = theirs
    pair.confidence, pair.signs = 0, {}
    _check_kind(pair)
    return pair


def _part(job: Import, pair: StationPair) -> StationPair:
    """Two stations after all: an old one without a new one, and a new one without an old one."""
    if not (pair.unit_id and pair.station):
        raise BadInput(_("There is nothing to part."))
    line, station = pair.line, pair.station
    pair.line, pair.station, pair.confidence, pair.signs, pair.decision = None, None, 0, {}, Decision.OPEN
    pair.save()
    StationPair.objects.create(imported=job, constituency_id=pair.constituency_id, line=line, station=station)
    return pair


def _rehome(pair: StationPair, code: str) -> Unit:
    """The booth that takes the people: by its code, live, of the same constituency's list, and not itself closing."""
    scheme, _colon, value = code.strip().rpartition(":")
    unit = Unit.objects.filter(
        codes__scheme=scheme or "eci", codes__value=value, codes__valid_to=None, active=True, level__key="booth"
    ).first()
    if unit is None or unit.pk == pair.unit_id or not unit.path:
        raise BadInput(fields={"rehome": _("There is no other live booth with this code.")})
    return unit


@transaction.atomic
def decide_many(*, actor: Actor, ref: UUID, act: str, at_least: int = 100, now: datetime) -> int:
    """Decide all open ones of a kind: pairs from a confidence on, all new ones, or all empty vanished ones."""
    job = _open_job(actor, ref)
    waiting = StationPair.objects.filter(imported=job, decision=Decision.OPEN)
    both, by = ~Q(unit=None) & ~Q(line=None), {"decided_by_id": actor.person_id, "decided_at": now}
    if act == "same":
        if not 1 <= at_least <= 100:
            raise BadInput(_("A confidence is between 1 and 100."))
        return waiting.filter(both, confidence__gte=at_least).update(decision=Decision.SAME, **by)
    if act == "new":
        return waiting.filter(unit=None).update(decision=Decision.NEW, **by)
    if act == "gone":
        return waiting.filter(line=None).exclude(unit__in=_peopled(job)).update(decision=Decision.GONE, **by)
    if act == "kept":
        return waiting.filter(line=None).update(decision=Decision.KEPT, **by)
    raise BadInput()


def _peopled(job: Import) -> QuerySet[Unit]:
    """Old stations without a new one where somebody lives, sits, has an offer or is named."""
    sits = Appointment.objects.filter(seat__unit=OuterRef("pk"), state__in=["offered", "accepted"])
    named = NamedHolder.objects.filter(seat__unit=OuterRef("pk"), state__in=["named", "invited"])
    lives = Membership.objects.filter(unit=OuterRef("pk"), valid_to=None)
    old = StationPair.objects.filter(imported=job, line=None).values("unit")
    return Unit.objects.filter(pk__in=old).filter(Exists(sits) | Exists(named) | Exists(lives))


def tally(job: Import) -> dict[str, int]:
    """How many pairs stand at each decision."""
    rows = StationPair.objects.filter(imported=job).values_list("decision").annotate(n=CountOf("id"))
    return dict.fromkeys(Decision.values, 0) | dict(rows)


# -- applying --


@dataclass
class Renewed:
    same: int = 0
    renumbered: int = 0
    new: int = 0
    gone: int = 0
    rehomed: int = 0
    undo: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def apply(*, actor: Actor, ref: UUID, now: datetime) -> Renewed:
    """Make the list the tree's. Raises WrongState with what is still open or in the way; then nothing is changed."""
    job = _open_job(actor, ref)
    lock_tree()
    while services.fold_counts():
        pass
    pairs = list(StationPair.objects.filter(imported=job).select_related("unit", "rehome").order_by("id"))
    _check_ready(job, pairs)
    on = job.list_date or local_day(now)
    done = Renewed()
    same = [pair for pair in pairs if pair.decision == Decision.SAME]
    gone = [pair for pair in pairs if pair.decision == Decision.GONE]
    _close(job, gone, on, now, done)
    _renumber(job, same, on, done)
    _rename(job, same, done)
    fresh = [pair for pair in pairs if pair.decision == Decision.NEW]
    _make(actor, job, fresh, on, done)
    Import.objects.filter(pk=job.pk).update(
        state=State.LOADED, parts=max(1, job.parts), changed=done.same, added=done.new, same=done.renumbered,
        changed_at=now, ended_at=now, options={**job.options, "renewed": done.undo},
    )  # fmt: skip
    batch = [audit.BatchTarget("org.unit", pair.unit.ref, pair.unit_id) for pair in (*same, *gone) if pair.unit]
    data = {"same": done.same, "new": done.new, "gone": done.gone, "rehomed": done.rehomed, "source": job.source}
    audit.record(actor, "org.stations_renewed", job, data=data, batch=batch)
    return done


def _check_ready(job: Import, pairs: Sequence[StationPair]) -> None:
    waiting = sum(1 for pair in pairs if pair.decision == Decision.OPEN)
    if waiting:
        raise WrongState(_("%(number)d stations are still to be decided.") % {"number": waiting})
    peopled = set(_peopled(job).values_list("pk", flat=True))
    stuck = [p for p in pairs if p.decision == Decision.GONE and p.unit_id in peopled and p.rehome_id is None]
    if stuck:
        raise WrongState(
            _("People are at home or on seats in these stations; say where they go: %(names)s.")
            % {"names": ", ".join(str(pair.unit) for pair in stuck[:20])}
        )
    going = {pair.unit_id for pair in pairs if pair.decision == Decision.GONE}
    if lost := [pair for pair in pairs if pair.rehome_id in going]:
        raise WrongState(_("%(name)s is to be closed itself; choose another booth.") % {"name": str(lost[0].rehome)})
    _check_codes(job, pairs)


def _check_codes(job: Import, pairs: Sequence[StationPair]) -> None:
    """No number of the new list may still belong to a station that stays."""
    wanted = [_code(job, p) for p in pairs if p.decision in (Decision.SAME, Decision.NEW)]
    freed = [p.unit_id for p in pairs if p.decision in (Decision.SAME, Decision.GONE)]
    taken = UnitCode.objects.filter(scheme="eci", value__in=wanted, valid_to=None).exclude(unit__in=freed)
    if first := taken.select_related("unit").first():
        raise WrongState(
            _("The number %(code)s still belongs to %(name)s.") % {"code": first.value, "name": str(first.unit)}
        )


def _code(job: Import, pair: StationPair) -> str:
    return f"{job.state_code}/{pair.station['code']}" if pair.station else ""


_CLOSE_CODES = """
WITH closed AS (
    UPDATE org_unitcode c SET valid_to = greatest(%(on)s::date, c.valid_from)
    FROM unnest(%(units)s::bigint[], %(codes)s::text[]) AS n(unit_id, value)
    WHERE c.unit_id = n.unit_id AND c.scheme = 'eci' AND c.valid_to IS NULL AND c.value <> n.value
    RETURNING c.id, c.unit_id
)
INSERT INTO org_importedrow (import_id, unit_id, what, row_id) SELECT %(import)s, unit_id, 'code_closed', id FROM closed
"""
_NEW_CODES = """
WITH put AS (
    INSERT INTO org_unitcode (unit_id, scheme, value, list_date, valid_from)
    SELECT n.unit_id, 'eci', n.value, %(on)s::date, %(on)s::date
    FROM unnest(%(units)s::bigint[], %(codes)s::text[]) AS n(unit_id, value)
    WHERE NOT EXISTS (SELECT FROM org_unitcode c WHERE c.unit_id = n.unit_id AND c.scheme = 'eci'
                      AND c.value = n.value AND c.valid_to IS NULL)
    RETURNING id, unit_id
)
INSERT INTO org_importedrow (import_id, unit_id, what, row_id) SELECT %(import)s, unit_id, 'code_added', id FROM put
"""


def _renumber(job: Import, same: Sequence[StationPair], on: date, done: Renewed) -> None:
    """All old numbers end before the first new one begins: stations exchange numbers."""
    values: dict[str, Any] = {
        "on": on, "import": job.pk, "units": [p.unit_id for p in same], "codes": [_code(job, p) for p in same],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE_CODES, values)
        cursor.execute(_NEW_CODES, values)
        done.renumbered = cursor.rowcount
    done.same = len(same)


def _rename(job: Import, same: Sequence[StationPair], done: Renewed) -> None:
    """The list's name and place; the name before stays findable. A name in another language is left alone."""
    folder, lines = Folder(), []
    for pair in same:
        unit, row = pair.unit, _row(pair.station or {})
        if unit is None:
            continue
        made = station_unit(row, job.state_code)
        names = {**unit.names, **made.names} if row.name else dict(unit.names)
        old = [n for tag, n in unit.names.items() if tag in made.names and bare(n) != bare(names[tag])]
        aliases = list(dict.fromkeys([*unit.aliases, *(n for n in old if n not in unit.aliases)]))
        attrs = {**unit.attrs, **made.attrs}
        if (names, aliases, attrs) != (unit.names, unit.aliases, unit.attrs):
            tokens = folder.tokens([*names.values(), *aliases])
            fields = (json_value(names), array_value(aliases), json_value(attrs), array_value(tokens))
            lines.append(f"{unit.pk}\t" + "\t".join(fields) + "\n")
    stage(STAGE_CHANGES, iter(lines))
    with connection.cursor() as cursor:
        cursor.execute(NOTE_CHANGED, {"import": job.pk})
        cursor.execute(COMPLETE_UNITS)


def _make(actor: Actor, job: Import, fresh: Sequence[StationPair], on: date, done: Renewed) -> None:
    if not fresh:
        return
    rows = [station_unit(_row(pair.station), job.state_code) for pair in fresh if pair.station]
    Import.objects.filter(pk=job.pk).update(state=State.LOADING, stop_asked=False)
    job.refresh_from_db()
    outcome = load_units(actor=actor, rows=rows, source=job.source, list_date=on, job=job)
    if outcome.refused or outcome.added != len(fresh):
        raise WrongState(_("Some new stations have no place in the tree. Nothing was changed."))
    done.new = outcome.added


_CLOSED = """
INSERT INTO org_importedunit (import_id, unit_id, before, after)
SELECT %(import)s, u.id,
  jsonb_build_object('names', u.names, 'aliases', to_jsonb(u.aliases), 'attrs', u.attrs, 'tokens', to_jsonb(u.tokens),
                     'active', u.active, 'valid_to', u.valid_to),
  jsonb_build_object('names', u.names, 'aliases', to_jsonb(u.aliases), 'attrs', u.attrs, 'active', false)
FROM org_unit u WHERE u.id = ANY(%(units)s)
"""


def _close(job: Import, gone: Sequence[StationPair], on: date, now: datetime, done: Renewed) -> None:
    """Empty ones end on the day; the others go into the booth chosen for their people, as any merger does."""
    empty = [pair.unit_id for pair in gone if pair.rehome_id is None and pair.unit_id is not None]
    mergers = {p.unit_id: p.rehome_id for p in gone if p.unit_id is not None and p.rehome_id is not None}
    done.gone, done.rehomed = len(gone), len(mergers)
    done.undo = {"emptied": list(Seat.objects.filter(unit__in=empty, closed_at=None).values_list("pk", flat=True))}
    before = facts_of(empty, now)
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED, {"import": job.pk, "units": empty})
        cursor.execute(_CLOSE_CODES, {"on": on, "import": job.pk, "units": empty, "codes": [""] * len(empty)})
    Seat.objects.filter(pk__in=done.undo["emptied"]).update(closed_at=now)
    Unit.objects.filter(pk__in=empty).update(active=False, valid_to=on)
    add_counts([(unit_id, wing, metric, -n, day) for unit_id, wing, metric, day, n in before])
    if mergers:
        rewrite(mergers)
        done.undo["closed"], done.undo["opened"] = relink(mergers, on)
        done.undo |= unit_mergers.merge_units(mergers, on=on, now=now)
