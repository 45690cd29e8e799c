"""When a record of this verb is sealed, these jobs run, each with the ids of all new records (`record_ids`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from toli.audit.dispatch import DeferrableJob

FLOWS: Mapping[str, Sequence[DeferrableJob]] = {}
