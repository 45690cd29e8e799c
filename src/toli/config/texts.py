"""The operators' ids of the texts that Toli sends: a file of the deployment, read once. Without Django."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from toli.delivery import registry

IDS = re.compile(r"[0-9]{10,25}")
Ids = Mapping[str, Mapping[str, str]]


def read(path: Path) -> dict[str, dict[str, str]]:
    """{text: {language: id}} as the file says it. Raises OSError, or ValueError for what is no such file."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return {key: {tag: str(given) for tag, given in row.items()} for key, row in found.items() if isinstance(row, dict)}


def faults_of(path: Path | None) -> list[str]:
    """What keeps these ids from being used; a sentence that names each text without one."""
    if path is None:
        return ["TOLI_SMS_TEXTS must name the file with the operators' ids of the texts (`toli texts` begins it)"]
    try:
        given = read(path)
    except (OSError, ValueError) as error:
        return [f"TOLI_SMS_TEXTS: {path} cannot be read ({error})"]
    wanted = [f"{key}.{tag}" for key, row in registry.rows().items() for tag in registry.LANGUAGES if tag in row]
    missing = [name for name in wanted if not IDS.fullmatch(_id(given, name))]
    return [f"TOLI_SMS_TEXTS: {path} lacks the operators' id of {', '.join(missing)}"] if missing else []


def _id(given: Ids, name: str) -> str:
    key, tag = name.split(".")
    return given.get(key, {}).get(tag, "")


def beginning() -> str:
    """The file as it begins: every text, to be registered with the operators, and an empty place for its id."""
    parts = []
    for key, row in registry.rows().items():
        lines = [f"[{key}]"]
        for tag in registry.LANGUAGES:
            if tag in row:
                lines += [f"# {row[tag]}", f'{tag} = ""']
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
