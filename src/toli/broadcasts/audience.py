"""A release's audience, channels and window in canonical form, and its hash."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked: units (with all below), tier, channels, and [starts_at, ends_at)."""

    scope: Collection[int]
    tier: str
    channels: Collection[str]
    starts_at: datetime
    ends_at: datetime
    quota: int = 12
    people: Mapping[str, Any] | None = None
    """For a broadcast: the conditions of its audience."""

    def hash(self, thing: UUID) -> str:
        """SHA-256, in hex, over the plan and the ref of the item or sheet it is for."""
        found: dict[str, Any] = {
            "thing": str(thing),
            "scope": sorted(set(self.scope)),
            "tier": self.tier,
            "channels": sorted(set(self.channels)),
            "starts_at": self.starts_at.astimezone(UTC).isoformat(),
            "ends_at": self.ends_at.astimezone(UTC).isoformat(),
            "quota": self.quota,
        }
        if self.people is not None:
            found["people"] = dict(self.people)
        return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
