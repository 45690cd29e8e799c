"""Rows of named statements as values."""

import json
from typing import Any


def from_json(value: Any) -> Any:
    """A jsonb column of a raw cursor: Django leaves it as text there."""
    return json.loads(value) if isinstance(value, str) else value
