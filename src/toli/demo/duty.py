"""Shifts of the 21 and of the state five, hand-over notes and open flags."""

from datetime import datetime, timedelta

from toli.kit.actor import Actor
from toli.kit.dates import local_at, local_day
from toli.org.models import Unit
from toli.warroom import services

NOTES = {
    179: "दिन की पारी: तीन बूथों पर साथी नहीं पहुँचे, ब्लॉक संयोजक को बताया।",
    175: "सब ठीक। शाम की बैठक 6 बजे, साउंड का इंतज़ाम बाक़ी।",
    24: "दो साथी छुट्टी पर, रात की पारी में जगह ख़ाली।",
}
FLAGS = (
    (179, "people", "बूथ 14 पर कोई साथी नहीं है।"),
    (24, "material", "पोस्टर अभी नहीं आए।"),
    (24, "falsehood", "मतदान की ग़लत तारीख़ का संदेश घूम रहा है।"),
)


def keep_watch(*, asha: Actor, state: Unit, seats: dict[int, Unit], now: datetime) -> None:
    """Yesterday, today and tomorrow round the clock for each 21 but one (a gap to be seen), and for the state five."""
    start = local_at(local_day(now), datetime.min.time().replace(hour=6))
    start = start if start <= now else start - timedelta(days=1)
    for unit, kind in [(state, "state_team"), *((seats[n], "constituency_team") for n in (179, 175, 24))]:
        for begins in (start - timedelta(days=1), start, start + timedelta(days=1)):
            services.make_roster(
                actor=asha, unit_ref=unit.ref, team_kind_key=kind, start=begins, watches=3, now=min(begins, now)
            )
    for hours, (number, text) in enumerate(NOTES.items(), start=1):
        services.hand_over(
            actor=asha, unit_ref=seats[number].ref, text=text, now=now - timedelta(hours=hours),
            team_kind_key="constituency_team",
        )  # fmt: skip
    for hours, (number, kind, text) in enumerate(FLAGS, start=2):
        services.raise_flag(
            actor=asha, unit_ref=seats[number].ref, kind=kind, text=text, now=now - timedelta(hours=hours)
        )
    services.count_duty(now=now)
