"""Made-up people in sets: login, holder, person, number, home, last act and consents, each by one COPY.

The set-based twin of joining: the same columns that `people.create_person`, `accounts.add_login`, `org.set_home` and
`consent.give` fill, for thousands at once.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import product
from random import Random
from typing import NamedTuple

from toli.accounts.queries import key_of
from toli.consent.first_notice import ensure_notice
from toli.consent.purposes import BASE
from toli.demo.names import Name, person_name
from toli.kit import secrets
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.phone import DEMO_FIRST
from toli.org.importing.copying import Folder, array_value, copy_in, escaped, new_ids, refs
from toli.org.models import Wing
from toli.people.queries import CONTACT_CONTEXT, number_index

NO_PASSWORD = "!demo"  # noqa: S105  no password opens it: logins are by code
FIRST_CROWD = 1_000  # numbers below are kept for the named people
SKILLS = ("writing", "design", "video", "social", "speaking", "computer")
WINGS = ("youth", "farmers", "students", "digital", "women")
_NULL = "\\N"
PURPOSES = ((BASE, 1.0), ("sms", 0.8), ("calls", 0.6), ("news", 0.9), ("photos", 0.5))


class Made(NamedTuple):
    """One made-up person and where they belong; `home` is a unit of the organisation."""

    id: int
    ref: str
    holder_id: int
    name: Name
    woman: bool
    number: str
    home: int
    joined: datetime
    last_act: datetime
    verified: datetime | None


def number_of(nth: int) -> str:
    return f"+91{DEMO_FIRST + nth}"


def make_people(
    *, actor: Actor, names: Sequence[Name], homes: Sequence[int], women: Sequence[bool], first_number: int,
    random: Random, weeks: int, now: datetime, from_the_start: bool = False,
) -> list[Made]:  # fmt: skip
    """Write these people with all that belongs to them and return them."""
    made = list(_make(names, homes, women, first_number, random, weeks, now))
    if from_the_start:
        first = now - timedelta(weeks=weeks)
        made = [one._replace(joined=first, verified=first, last_act=now - timedelta(hours=2)) for one in made]
    _copy_logins(made)
    _copy_people(made, random, now)
    _copy_numbers(made)
    _copy_belonging(made, now)
    _copy_consents(actor, made, random, now)
    return made


def crowd(random: Random, count: int) -> tuple[list[Name], list[bool]]:
    """Names and who of them are women: four in ten."""
    women = [random.random() < 0.42 for _n in range(count)]
    return [person_name(random, woman=woman) for woman in women], women


def _make(
    names: Sequence[Name],
    homes: Sequence[int],
    women: Sequence[bool],
    first: int,
    random: Random,
    weeks: int,
    now: datetime,
) -> Iterator[Made]:
    ids, holders = new_ids("people_person", len(names)), new_ids("accounts_holder", len(names))
    for nth, ref in enumerate(refs(len(names))):
        joined = now - timedelta(hours=random.triangular(2, weeks * 168, weeks * 100))
        span = (now - joined).total_seconds()
        # Most were here in the last two days; one in eight has been silent for more than a week.
        quiet = random.random() < 0.12 and span > 9 * 86_400
        back = random.uniform(8.2, 20) * 86_400 if quiet else random.expovariate(1 / 90_000)
        last = max(joined, now - timedelta(seconds=min(back, span)))
        verified = joined if random.random() < 0.91 else None
        yield Made(
            ids[nth],
            ref,
            holders[nth],
            names[nth],
            women[nth],
            number_of(first + nth),
            homes[nth],
            joined,
            last,
            verified,
        )


def _copy_logins(made: Sequence[Made]) -> None:
    ids = new_ids("accounts_login", len(made))
    rows = zip(made, ids, refs(len(made)), refs(len(made)), strict=True)
    kept = [(one, login, a, b) for one, login, a, b in rows]
    copy_in(
        "COPY accounts_login (id, password, ref, key, language, is_active, is_demo, epoch, created_at, proved_at)"
        " FROM STDIN",
        (
            f"{login}\t{NO_PASSWORD}\t{ref}\t{key_of(one.number)}\thi\tt\tt\t0\t{one.joined}\t"
            f"{one.verified or one.joined}\n"
            for one, login, ref, _b in kept
        ),
    )
    copy_in(
        "COPY accounts_holder (id, ref, login_id, slot, initial, pin_hash, failures, active, epoch, created_at,"
        " last_seen_at) FROM STDIN",
        (
            f"{one.holder_id}\t{ref}\t{login}\t1\t\t\t0\tt\t0\t{one.joined}\t{one.last_act}\n"
            for one, login, _a, ref in kept
        ),
    )


def _copy_people(made: Sequence[Made], random: Random, now: datetime) -> None:
    folder, year = Folder(), local_day(now).year
    copy_in(
        "COPY people_person (id, ref, holder_id, name, tokens, birth_year, gender, languages, place_text, pin_code,"
        " skills, contact_preference, state, duplicate_flag, created_at) FROM STDIN",
        (_person_line(one, folder, year, random) for one in made),
    )


def _person_line(one: Made, folder: Folder, year: int, random: Random) -> str:
    # One in nine wrote the name in Latin letters, as people do.
    name = one.name.en if random.random() < 0.11 else one.name.hi
    born = year - int(random.triangular(19, 62, 27))
    skills = array_value(random.sample(SKILLS, random.choice((0, 1, 1, 2))))
    preference = "women" if one.woman and random.random() < 0.4 else random.choice(("any", "any", "any", "app"))
    duplicate = "t" if random.random() < 0.01 else "f"
    return (
        f"{one.id}\t{one.ref}\t{one.holder_id}\t{escaped(name)}\t{folder.array([name])}\t{born}\t"
        f"{'female' if one.woman else 'male'}\t{{hi}}\t\t\t{skills}\t{preference}\tactive\t{duplicate}\t{one.joined}\n"
    )


def _copy_numbers(made: Sequence[Made]) -> None:
    copy_in(
        "COPY people_contactpoint (person_id, kind, index, cipher, key_version, last_digits, valid_from, verified_at)"
        " FROM STDIN",
        (_number_line(one) for one in made),
    )


def _number_line(one: Made) -> str:
    sealed = secrets.encrypt(one.number, context=CONTACT_CONTEXT)
    index = number_index(one.number).hex()
    return (
        f"{one.id}\tphone\t\\\\x{index}\t\\\\x{sealed.cipher.hex()}\t{sealed.key_version}\t{one.number[-3:]}\t"
        f"{one.joined}\t{one.verified or chr(92) + 'N'}\n"
    )


def _copy_belonging(made: Sequence[Made], now: datetime) -> None:
    wings = dict(Wing.objects.filter(key__in=WINGS).values_list("key", "id"))
    copy_in(
        "COPY org_membership (person_id, unit_id, wing_id, valid_from) FROM STDIN",
        (f"{one.id}\t{one.home}\t{wings.get(_wing_of(one), _NULL)}\t{one.joined}\n" for one in made),
    )
    silent_before = local_day(now) - timedelta(days=7)
    copy_in(
        "COPY org_activity (person_id, last_act_on, silent) FROM STDIN",
        (
            f"{one.id}\t{local_day(one.last_act)}\t{'t' if local_day(one.last_act) <= silent_before else 'f'}\n"
            for one in made
        ),
    )


def _wing_of(one: Made) -> str:
    """The wing a person chose when joining; two in three chose none."""
    if one.id % 3:
        return ""
    return "women" if one.woman and one.id % 2 else WINGS[one.id // 3 % len(WINGS)]


def _copy_consents(actor: Actor, made: Sequence[Made], random: Random, now: datetime) -> None:
    notice = ensure_notice(actor=actor, now=now)
    copy_in(
        "COPY consent_consentevent (person_id, notice_id, language, purpose, given, at, channel, actor_person_id,"
        " session_digest, request_id) FROM STDIN",
        (
            f"{one.id}\t{notice.pk}\thi\t{purpose}\tt\t{one.joined}\tdemo\t{one.id}\t\tdemo\n"
            for one, (purpose, share) in product(made, PURPOSES)
            if random.random() <= share
        ),
    )
