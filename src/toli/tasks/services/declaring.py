"""The declaration that goes with everything printed: work for the team whose page it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from toli.content import queries as content
from toli.content.models import PrintRun
from toli.elections.law import rule_on
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput
from toli.org import queries as org
from toli.org.models import Unit
from toli.tasks.models import Kind, Proof, Task
from toli.tasks.services.giving import give_task

TITLE = {"hi": "छपाई की घोषणा जमा करें (धारा 127A)", "en": "Hand in the declaration of a print (section 127A)"}
MEASURE = {"hi": "घोषणा", "en": "declarations"}
WORDS = {
    "hi": "प्रकाशक की घोषणा दो प्रतियों में, दो गवाहों के हस्ताक्षर के साथ, और छपे पन्ने की 4 प्रतियाँ ज़िला मजिस्ट्रेट"
    " (राजधानी में मुख्य निर्वाचन अधिकारी) को दें। मुद्रक: {printer}। प्रकाशक: {publisher}। प्रतियाँ: {copies}। पन्ने की"
    " पहचान: {digest}।",
    "en": "Give the publisher's declaration in duplicate, attested by two persons, and 4 copies of the print to the"
    " District Magistrate (in the state capital to the Chief Electoral Officer). Printer: {printer}. Publisher:"
    " {publisher}. Copies: {copies}. The page is {digest}.",
}


def give_declarations(*, actor: Actor, refs: Iterable[UUID], now: datetime) -> int:
    """A task for each of these pages that has none yet, due in three days; how many were given."""
    given = 0
    for run in content.print_runs(refs):
        ref = uuid5(run.ref, "declaration")
        if not Task.objects.filter(ref=ref).exists():
            given += _give(actor, ref, run.item.unit, _words(run), now)
    return given


def _due(now: datetime) -> timedelta:
    """Section 127A(2) of the Act of 1951, as the chief electoral officers' orders count it: the pack of rules says."""
    return timedelta(days=rule_on("imprint", local_day(now)).numbers["declaration_days"])


def _words(run: PrintRun) -> dict[str, str]:
    said = {
        "printer": run.printer, "publisher": run.publisher, "copies": f"{run.copies:,}", "digest": run.digest[:12],
    }  # fmt: skip
    return {tag: text.format(**said) for tag, text in WORDS.items()}


def _give(actor: Actor, ref: UUID, unit: Unit, words: dict[str, str], now: datetime) -> int:
    """To the team of the unit, or of the nearest one above that has a team."""
    above: Sequence[Unit] = [unit, *reversed(org.ancestors_of(unit))]
    for one in above:
        try:
            give_task(
                actor=actor, ref=ref, unit=one, level=one.level, title=TITLE, instructions=words, kind=Kind.INTERNAL,
                proofs=[Proof.PHOTO], target=1, measure=MEASURE, due_at=now + _due(now), now=now,
            )  # fmt: skip
        except BadInput:
            continue
        return 1
    return 0
