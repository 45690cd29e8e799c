"""The rows of the registered texts, without Django: also read before there are settings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("hi", "en")
_FILE = Path(__file__).parent / "rules" / "templates.toml"


@cache
def rows() -> Mapping[str, Mapping[str, Any]]:
    """Every registered text by key: its words by language, its purpose and kind, and an id of the local server."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
