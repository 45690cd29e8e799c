"""How large a demo is."""

from dataclasses import dataclass

# The seats of the by-elections of 2021: number, closing hour of the poll.
SEATS: dict[int, int] = {179: 18, 175: 17, 24: 16, 155: 15}
STATE = "S20"


@dataclass(frozen=True)
class Size:
    """Blocks and booths in a seat that votes and in the others; people; weeks of history.

    `booths_held` is the share of booth seats that are held where nobody votes now.
    """

    name: str
    people: int
    voting_blocks: int
    voting_booths: int
    other_blocks: int
    other_booths: int
    weeks: int = 5
    booths_held: float = 0.3
    applicants: int = 300
    """People without a seat, who have applied to the drive."""
    panels_at: str = "constituency"
    panels_from: int = 20
    """The level of the interview panels, and how many must have applied in a unit for it to have one."""
    days_kept: int = 7
    """For how many past days the board was kept at 08:00 and 20:00."""

    def of(self, number: int) -> tuple[int, int]:
        """(blocks, booths per block) of a constituency."""
        if number in SEATS:
            return self.voting_blocks, self.voting_booths
        return self.other_blocks, self.other_booths


SIZES = {
    "small": Size("small", 2_000, 5, 12, 2, 1, panels_at="district"),
    "state": Size("state", 75_000, 5, 52, 5, 52, applicants=30_000),
    "full": Size("full", 603_000, 5, 52, 5, 52, booths_held=0.86, applicants=30_000, days_kept=2),
}
