"""Words of the gate by language: plain data, because the gate works where Django is not. Refusals: rules/*.toml."""

from __future__ import annotations

from collections.abc import Mapping

ALLOWED: Mapping[str, str] = {"en": "May go out.", "hi": "भेज सकते हैं।"}


def say(texts: Mapping[str, str], params: Mapping[str, Mapping[str, str]], language: str) -> str:
    """The sentence in the language (Hindi where it is missing), its params filled in the same language."""
    template = texts.get(language) or texts["hi"]
    filled = {
        name: value.get(language) or value.get("hi") or next(iter(value.values()), "") for name, value in params.items()
    }
    return template.format_map(filled)
