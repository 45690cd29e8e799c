"""The texts of a breach: for each person (the five parts of rule 7), and the report for the Board."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from toli.consent.breach_parts import DATA_KINDS
from toli.consent.models import Breach, Notice
from toli.consent.queries.breaches import parts_of
from toli.kit.dates import datetime_text
from toli.kit.numbers import group

LANGUAGES = ("hi", "en")


def kinds_of(breach: Breach) -> list[str]:
    """Which data, in the page's language."""
    return [str(DATA_KINDS.get(kind, kind)) for kind in breach.data_kinds]


def person_text(breach: Breach, notice: Notice, language: str) -> str:
    """What a person is told: nature, extent, time and place; consequences; measures; advice; whom to ask."""
    parts = parts_of(breach, language)
    with override(language):
        first = _("Your data reached somebody it should not have reached.")
        lines = [
            (_("What happened:"), parts["what"]),
            (_("When:"), _when(breach, language)),
            (_("Where:"), parts["where"]),
            (_("Which data:"), ", ".join(kinds_of(breach))),
            (_("What it may mean for you:"), parts["consequences"]),
            (_("What we did and are doing:"), parts["measures"]),
            (_("What you can do:"), parts["advice"]),
            (_("Who answers:"), _contact(notice, language)),
        ]
    return _joined(first, lines)


def board_text(breach: Breach, notice: Notice, language: str) -> str:
    """The report of rule 7(2): facts, circumstances and reasons, measures, who caused it, what persons were told."""
    parts = parts_of(breach, language)
    with override(language):
        told = datetime_text(breach.told_at, language) if breach.told_at else _("not yet")
        first = _("To the Data Protection Board of India: report of a breach of personal data")
        lines = [
            (_("Reference:"), str(breach.ref)),
            (_("What happened:"), parts["what"]),
            (_("Where:"), parts["where"]),
            (_("Began:"), _when(breach, language)),
            (_("Noticed:"), datetime_text(breach.noticed_at, language)),
            (_("Which data:"), ", ".join(kinds_of(breach))),
            (_("Persons touched:"), group(breach.people_count)),
            (_("What it may mean for the persons:"), parts["consequences"]),
            (_("Cause, and who caused it:"), parts["cause"]),
            (_("Measures taken and under way:"), parts["measures"]),
            (_("Persons were told:"), told),
            (_("What they were advised:"), parts["advice"]),
            (_("Who answers:"), _contact(notice, language)),
        ]
    return _joined(first, lines)


def _joined(first: str, lines: Sequence[tuple[str, str]]) -> str:
    return "\n".join([first, "", *(f"{label} {text}" for label, text in lines)])


def _when(breach: Breach, language: str) -> str:
    return datetime_text(breach.began_at, language) if breach.began_at else _("not known")


def _contact(notice: Notice, language: str) -> str:
    names = notice.contact["name"]
    return f"{names.get(language) or next(iter(names.values()))}, {notice.contact['address']}"


def person_texts(breach: Breach, notice: Notice) -> dict[str, str]:
    return {language: person_text(breach, notice, language) for language in LANGUAGES}


def board_texts(breach: Breach, notice: Notice) -> dict[str, str]:
    return {language: board_text(breach, notice, language) for language in LANGUAGES}
