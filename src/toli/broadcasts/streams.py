"""Names of streams: one for each constituency, tier and language."""

from typing import NamedTuple

TIERS = ("leaders", "workers")
LANGUAGES = ("hi", "en")


class Stream(NamedTuple):
    unit_id: int
    tier: str
    language: str

    @property
    def name(self) -> str:
        return f"{self.unit_id}.{self.tier}.{self.language}"


def parse(name: str) -> Stream | None:
    """The parts of a stream's name, or None."""
    unit_id, _, rest = name.partition(".")
    tier, _, language = rest.partition(".")
    if not unit_id.isdecimal() or tier not in TIERS or language not in LANGUAGES:
        return None
    return Stream(int(unit_id), tier, language)


def tier_of(tier: str | None) -> str:
    """Leaders for a leader's seat; everybody else is a worker."""
    return "leaders" if tier == "leaders" else "workers"
