"""A drive to join, and the people who answered it: waiting, offered, placed."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from toli.consent.queries import current_notice
from toli.demo.people import SKILLS, Made
from toli.kit.actor import Actor
from toli.kit.ids import new_receipt
from toli.org.importing.copying import array_value, copy_in, refs
from toli.org.models import Unit
from toli.recruitment import services
from toli.recruitment.models import Drive

NAMES = {"hi": "टोली से जुड़ें", "en": "Join the team"}
INTRO = {
    "hi": "आपके बूथ पर दस युवाओं की टीम बन रही है। फ़ॉर्म दो मिनट का है।",
    "en": "A team of ten is forming at your booth. The form takes two minutes.",
}


def open_drive(*, actor: Actor, state: Unit, now: datetime) -> Drive:
    return services.open_drive(
        actor=actor, key="rajasthan", names=NAMES, intro=INTRO, scope=state, opens_at=now - timedelta(days=35),
        wings=["youth", "women", "farmers", "students"],
    )  # fmt: skip


def apply_in_sets(drive: Drive, *, waiting: Sequence[Made]) -> int:
    """Everybody of the crowd who has no seat yet has applied: the set-based twin of joining. How many."""
    notice = current_notice("join")
    return copy_in(
        "COPY recruitment_application (ref, receipt, drive_id, person_id, unit_id, skills, state, notice_id,"
        " declared_at, submitted_at, changed_at) FROM STDIN",
        (
            f"{ref}\t{receipt}\t{drive.pk}\t{one.id}\t{one.home}\t{array_value([SKILLS[one.id % 6]])}\t"
            f"submitted\t{notice.pk}\t{one.joined}\t{one.joined}\t{one.joined}\n"
            for one, ref, receipt in zip(waiting, refs(len(waiting)), _receipts(len(waiting)), strict=True)
        ),
    )


def _receipts(count: int) -> Iterator[str]:
    """Different ones: among 60,000 drawn at random two are alike more often than not."""
    drawn: set[str] = set()
    while len(drawn) < count:
        drawn.add(new_receipt())
    return iter(drawn)
