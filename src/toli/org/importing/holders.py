"""The state's sheet of office-bearers: each row names a person for a seat; the person decides when they log in.

A name and a number from somebody else are good for ONE invitation. The seat is shown as named or invited, never as
filled, and what nobody claims is erased after 30 days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from toli.accounts.queries import is_demo
from toli.audit import services as audit
from toli.kit import secrets
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput
from toli.kit.forbidden import refused_columns
from toli.kit.ids import uuid7
from toli.kit.phone import parse
from toli.org import access, services
from toli.org.importing.cells import bare, whole_number
from toli.org.importing.headings import Columns, Patterns, is_numbering, repeats
from toli.org.importing.own import key_of, split_key
from toli.org.importing.reading import Sheet
from toli.org.importing.rows import HolderRow, Parsed, Reason
from toli.org.models import Appointment, NamedHolder, Role, Seat, TeamKind, Unit, Wing
from toli.people.models import Invitee
from toli.people.queries import CONTACT_CONTEXT, number_index

KEPT = timedelta(days=30)
HOLDERS = Patterns(
    {
        "phone": r"phone|mobile|mob\b|contact|^number$|whatsapp|फ़ोन|फोन|मोबाइल|मो नं|संपर्क|दूरभाष",
        "seat": r"^seat (no|number)$|^(पद|सीट) (सं|संख्या|क्र|क्रमांक|नं)$",
        "role": r"^(role|post|designation|position|office)( name)?$|^(पद|पदनाम|दायित्व|ज़िम्मेदारी|जिम्मेदारी)$",
        "team": r"^team( kind| name)?$|^टीम( का नाम)?$",
        "wing": r"^(wing|morcha|cell)$|^(मोर्चा|प्रकोष्ठ|विंग)$",
        "level": r"^level$|^स्तर$",
        "unit_code": r"^(unit|place) code$|^(इकाई|क्षेत्र) (का )?कोड$",
        "unit": r"^(unit|place|area|district|constituency|assembly( constituency)?|block|booth)( name)?$|"
        r"^(इकाई|क्षेत्र|ज़िला|जिला|विधानसभा|विधानसभा क्षेत्र|ब्लॉक|मंडल|बूथ|स्थान)( का नाम)?$",
        "name": r"^(full |person |holder )?name( of (the )?(person|holder|office bearer))?$|"
        r"^(पूरा )?नाम$|^पदाधिकारी( का नाम)?$",
    },
    needed=[("name",), ("phone",), ("role",), ("unit", "unit_code")],
)


@dataclass
class Named:
    named: int = 0
    same: int = 0
    refused: list[Reason] = field(default_factory=list)


def parse_holders(sheet: Sheet) -> Parsed[HolderRow]:
    """Rows with a readable number. A sheet with a forbidden column is refused whole, by the column's name."""
    parsed: Parsed[HolderRow] = Parsed(encoding=sheet.encoding, lines=len(sheet.rows) + sheet.blank, sheet=sheet)
    found = HOLDERS.find(sheet.rows)
    if not found:
        raise BadInput(
            _("The sheet needs columns for name, phone, post and unit (docs/import.md). Nothing was imported.")
        )
    start, columns = found
    heading = sheet.rows[start - 1]
    sheet.heading_line = heading.line
    refused = refused_columns(heading.cells, (row.cells for row in sheet.rows[start:]))
    if refused:
        names = ", ".join(f"{one.column} ({one.label})" for one in refused)
        raise BadInput(
            _("Toli never stores this about a person: %(names)s. Remove these columns; nothing was imported.")
            % {"names": names}
        )
    parsed.unread_columns = list(columns.unread)
    demo = is_demo()
    for row in sheet.rows[start:]:
        if is_numbering(row.cells) or repeats(row.cells, columns):
            parsed.skipped["heading"] += 1
        else:
            _read(row.line, row.cells, columns, demo, parsed)
    return parsed


def _read(line: int, cells: list[str], columns: Columns, demo: bool, parsed: Parsed[HolderRow]) -> None:
    texts = {name: columns.cell(cells, name) for name in HOLDERS.fields}
    missing = next((name for name in ("name", "role") if not texts[name]), "")
    if missing:
        parsed.refuse(line, "no_name" if missing == "name" else "unknown_role", column=missing)
        return
    try:
        number = parse(texts["phone"], demo=demo)
    except BadInput:
        parsed.refuse(line, "bad_phone", column="phone")
        return
    unit = key_of(texts["unit_code"]) if texts["unit_code"] else texts["unit"]
    parsed.rows.append(
        HolderRow(
            line, texts["name"], number, unit, texts["level"], texts["wing"], texts["team"], texts["role"],
            whole_number(texts["seat"]),
        )
    )  # fmt: skip


@transaction.atomic
def name_holders(
    *, actor: Actor, rows: Sequence[HolderRow], source: str, dry_run: bool = False, now: datetime | None = None
) -> Named:
    """Make NAMED seats of the rows; a second run of the same sheet changes nothing. One record for all.

    Raises NotAllowed or NeedsSecondFactor. Nothing is sent here: the one invitation is delivery's.
    """
    now = now or timezone.now()
    if not actor.is_system:
        for root in Unit.objects.filter(path__gt="", parent_links=None):
            access.require(actor, "org.import", root)
    naming = _Naming(now, source)
    for row in rows:
        naming.take(row)
    if not dry_run:
        naming.write(actor)
    return naming.outcome


@dataclass
class _Naming:
    now: datetime
    source: str
    outcome: Named = field(default_factory=Named)
    chosen: list[tuple[HolderRow, Seat]] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    seen: set[tuple[str, int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.roles = _by_words(Role.objects.all())
        self.teams = _by_words(TeamKind.objects.select_related("level"))
        self.wings = _by_words(Wing.objects.all())
        self.units = _Units()

    def take(self, row: HolderRow) -> None:
        reason = self._take(row)
        if reason:
            self.outcome.refused.append(Reason(row.line, reason))

    def _take(self, row: HolderRow) -> str:
        """Choose the row's seat; the reason when there is none."""
        role = self.roles.get(bare(row.role))
        if not isinstance(role, Role):
            return "unknown_role"
        wing = self.wings.get(bare(row.wing)) if row.wing else None
        if row.wing and not isinstance(wing, Wing):
            return "unknown_wing"
        unit = self.units.find(row, role)
        if isinstance(unit, str):
            return unit
        key = (row.phone, unit.pk, role.pk)
        if key in self.seen:
            return "same_holder"
        self.seen.add(key)
        return self._seat(row, unit, role, wing)

    def _seat(self, row: HolderRow, unit: Unit, role: Role, wing: object) -> str:
        seats = Seat.objects.filter(unit=unit, role=role, wing=wing, closed_at=None).order_by("number")
        if row.team:
            seats = seats.filter(team_kind=self.teams.get(bare(row.team)))
        if (
            NamedHolder.objects.filter(seat__in=seats, invitee__index=number_index(row.phone))
            .exclude(state="erased")
            .exists()
        ):
            self.outcome.same += 1
            return ""
        if row.seat is not None:
            seats = seats.filter(number=row.seat)
        held = set(
            Appointment.objects.filter(seat__in=seats, state__in=["offered", "accepted"]).values_list(
                "seat_id", flat=True
            )
        )
        held |= set(
            NamedHolder.objects.filter(seat__in=seats, state__in=["named", "invited"]).values_list("seat_id", flat=True)
        )
        free = next((seat for seat in seats if seat.pk not in held | self.taken), None)
        if free is None:
            return "seat_taken" if row.seat is not None and seats else "no_free_seat"
        self.taken.add(free.pk)
        self.chosen.append((row, free))
        self.outcome.named += 1
        return ""

    def write(self, actor: Actor) -> None:
        if not self.chosen:
            return
        invitees = Invitee.objects.bulk_create([self._invitee(actor, row) for row, _seat in self.chosen])
        holders = NamedHolder.objects.bulk_create(
            NamedHolder(ref=uuid7(), seat=seat, invitee=invitee, named_at=self.now, changed_at=self.now)
            for (_row, seat), invitee in zip(self.chosen, invitees, strict=True)
        )
        services.add_counts((seat.unit_id, None, "named", 1, None) for _row, seat in self.chosen)
        batch = [
            audit.BatchTarget("org.namedholder", holder.ref, seat.unit_id)
            for holder, (_row, seat) in zip(holders, self.chosen, strict=True)
        ]
        audit.record(actor, "org.holders_named", None, data={"source": self.source}, batch=batch)

    def _invitee(self, actor: Actor, row: HolderRow) -> Invitee:
        sealed = secrets.encrypt(row.phone, context=CONTACT_CONTEXT)
        return Invitee(
            name=row.name, index=number_index(row.phone), cipher=sealed.cipher, key_version=sealed.key_version,
            last_digits=row.phone[-3:], source=self.source, vouched_by_id=actor.person_id, imported_at=self.now,
            erase_on=local_day(self.now + KEPT),
        )  # fmt: skip


@transaction.atomic
def mark_invited(*, actor: Actor, holders: Sequence[NamedHolder], now: datetime) -> int:
    """The one invitation of these is on its way; how many were only named until now. One record."""
    rows = list(
        NamedHolder.objects.select_for_update(of=("self",))
        .select_related("seat")
        .filter(pk__in=[holder.pk for holder in holders], state=NamedHolder.State.NAMED)
    )
    NamedHolder.objects.filter(pk__in=[row.pk for row in rows]).update(state=NamedHolder.State.INVITED, changed_at=now)
    moves = (("named", -1), ("invited", 1))
    services.add_counts((row.seat.unit_id, None, metric, n, None) for row in rows for metric, n in moves)
    if rows:
        batch = [audit.BatchTarget("org.namedholder", row.ref, row.seat.unit_id) for row in rows]
        audit.record(actor, "org.holder_invited", None, batch=batch)
    return len(rows)


class _Units:
    """Units by code or by name at the level where the role's teams stand; names are read once per level."""

    def __init__(self) -> None:
        self._names: dict[int, dict[str, list[Unit]]] = {}
        self._levels: dict[int, list[int]] = {}

    def find(self, row: HolderRow, role: Role) -> Unit | str:
        if ":" in row.unit:
            scheme, value = split_key(row.unit)
            unit = Unit.objects.filter(
                codes__scheme=scheme, codes__value=value, codes__valid_to=None, active=True
            ).first()
            return unit or "unknown_unit"
        found = {
            unit.pk: unit for level in self._levels_of(role) for unit in self._named(level).get(bare(row.unit), ())
        }
        if len(found) > 1:
            return "unclear_unit"
        return next(iter(found.values()), None) or "unknown_unit"

    def _levels_of(self, role: Role) -> list[int]:
        if role.pk not in self._levels:
            levels = Seat.objects.filter(role=role, closed_at=None).values_list("team_kind__level_id", flat=True)
            self._levels[role.pk] = list(levels.distinct())
        return self._levels[role.pk]

    def _named(self, level: int) -> Mapping[str, list[Unit]]:
        if level not in self._names:
            names: dict[str, list[Unit]] = {}
            for unit in Unit.objects.filter(level_id=level, active=True):
                for name in {bare(text) for text in (*unit.names.values(), *unit.aliases)}:
                    names.setdefault(name, []).append(unit)
            self._names[level] = names
        return self._names[level]


def _by_words(rows: object) -> dict[str, object]:
    """Roles, teams or wings by key and by name in every language."""
    found: dict[str, object] = {}
    for row in rows:  # type: ignore[attr-defined]
        for text in (row.key, *row.names.values()):
            found[bare(text)] = row
    return found
