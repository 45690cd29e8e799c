"""The pages of docs/reference, written from the code they describe."""

from __future__ import annotations

import argparse
import importlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from django.utils import translation

from toli.cli import run as commands
from toli.config.env import ROOT, Environment

FOLDER = ROOT / "docs" / "reference"
WRITTEN = "Written by `toli docs` from the code; change the code and run it again."


def pages() -> dict[str, str]:
    """Each page's text by its file name. Django must be set up."""
    writers: dict[str, Callable[[], str]] = {
        "rights.md": rights,
        "verbs-and-flows.md": verbs_and_flows,
        "settings.md": settings,
        "commands.md": all_commands,
        "personal-data.md": personal_data,
        "rules-of-law.md": rules_of_law,
    }
    with translation.override("en"):
        return {name: write() for name, write in writers.items()}


def stale(found: dict[str, str]) -> list[str]:
    """Names of pages whose file says something else, or is not there."""
    return [name for name, text in found.items() if _kept(FOLDER / name) != text]


def write(found: dict[str, str]) -> list[str]:
    """Write the pages that changed; their names."""
    changed = stale(found)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in changed:
        (FOLDER / name).write_text(found[name], encoding="utf-8")
    return changed


def _kept(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


# --- the shape of a page ---


def _page(title: str, about: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", about, *parts, f"*{WRITTEN}*"]) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    return re.sub(r"\s+", " ", str(value)).replace("|", "\\|").strip()


def _code(value: object) -> str:
    return f"`{value}`" if str(value) else ""


def _room(name: str) -> str:
    return name.split(".")[0]


# --- rights ---


def rights() -> str:
    from toli.org.base import ROLES
    from toli.org.rights import RIGHTS

    about = (
        f"{len(RIGHTS)} rights. A role names rights, and the charge of a seat says where they hold. A right marked "
        "*proof* is sensitive: it needs a passkey or an app code in the session that uses it. The list is "
        "`src/toli/org/rights.py`, the roles a campaign begins with are in `src/toli/org/base.py`."
    )
    held = {name: [en for _key, _tier, _s, _hi, en, names in ROLES if name in names] for name in RIGHTS}
    everybody = max(map(len, held.values()))
    rows = [
        (_code(right.name), right.says, "proof" if right.sensitive else "", _who(held[right.name], everybody))
        for right in RIGHTS.values()
    ]
    return _page("Rights", about, _table(("right", "what it allows", "", "roles that hold it at first"), rows))


def _who(roles: list[str], everybody: int) -> str:
    return "all" if len(roles) == everybody and everybody > 5 else ", ".join(roles) or "none; give it by a role"


# --- verbs ---


def verbs_and_flows() -> str:
    from toli.audit.verbs import VERBS
    from toli.flows import FLOWS

    about = (
        f"{len(VERBS)} verbs. Each write leaves one record with its verb; a timeline says the sentence, in the "
        "reader's language. `{actor}` is the seat that acted, never a person's name. Jobs follow once the record "
        "is sealed: `src/toli/flows.py`. Sentences: `src/toli/audit/verbs/`."
    )
    parts = []
    for room in dict.fromkeys(_room(verb) for verb in VERBS):
        rows = [
            (_code(verb), said["en"], ", ".join(_code(_job(job)) for job in FLOWS.get(verb, ())))
            for verb, said in VERBS.items()
            if _room(verb) == room
        ]
        parts.append(f"## {room}\n\n" + _table(("verb", "sentence", "then"), rows))
    return _page("Verbs and flows", about, *parts)


def _job(job: Any) -> str:
    return str(job.name).removeprefix("toli.").replace(".jobs.", ".")


# --- settings ---


def settings() -> str:
    about = (
        "What a deployment may set, all by environment variables. A `TOLI_` variable that is not here stops the "
        "start: it is a spelling mistake. Production (`TOLI_MODE=production`) refuses to start without "
        "`TOLI_KEYS`, `DATABASE_URL`, `TOLI_ALLOWED_HOSTS`, an https `TOLI_PUBLIC_URL`, who answers people about their "
        "data (`TOLI_CONTACT_...`), the registered `TOLI_SMS_SENDER` and the operators' ids of all texts "
        "(`TOLI_SMS_TEXTS`)."
    )
    rows = [
        (_code(_variable(name, field)), _values(field.annotation), _default(field.default), field.description or "")
        for name, field in Environment.model_fields.items()
    ]
    return _page("Settings", about, _table(("variable", "values", "default", "what it is"), rows))


def _variable(name: str, field: Any) -> str:
    return str(field.validation_alias or f"{Environment.model_config.get('env_prefix', '')}{name.upper()}")


def _values(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return ", ".join(map(_code, get_args(kind)))
    words = {int: "number", str: "text", Path: "path", list[str]: "words with commas", Path | None: "path"}
    return words.get(kind, "secret")


def _default(value: object) -> str:
    if isinstance(value, Path):
        inside = value.is_relative_to(ROOT)
        return _code(value.relative_to(ROOT) if inside else f"../{value.relative_to(ROOT.parent)}")
    return "" if value in (None, "", []) or type(value).__name__ == "SecretStr" else _code(value)


# --- commands ---


def all_commands() -> str:
    about = f"{len(commands.COMMANDS)} commands. `toli COMMAND --help` says the same at the terminal."
    return _page("Commands", about, *(_command(name) for name in commands.COMMANDS))


def _command(name: str) -> str:
    module = commands.load(name)
    parser = argparse.ArgumentParser(prog=f"toli {name}", add_help=False)
    module.arguments(parser)
    rows = [
        (_code(_option(action)), action.help or "") for action in parser._actions if action.help != argparse.SUPPRESS
    ]
    table = _table(("option", "what it does"), rows) if rows else ""
    example = f"```\n{module.EXAMPLE}\n```"
    says = commands.COMMANDS[name]
    return "\n\n".join(part for part in (f"## toli {name}", f"{says[0].upper()}{says[1:]}.", table, example) if part)


def _option(action: argparse.Action) -> str:
    name = ", ".join(action.option_strings) or action.dest
    choices = "|".join(map(str, action.choices)) if action.choices else ""
    takes = action.nargs != 0 and bool(action.option_strings)
    return f"{name} {choices or (action.metavar or action.dest.upper() if takes else '')}".strip()


# --- rules of law ---


def rules_of_law() -> str:
    from toli.elections.law import packs

    rules = [rule for blocks in packs().values() for rule in blocks]
    about = (
        f"{len(rules)} dated rules. They stand in `src/toli/elections/rules/*.toml`, which a lawyer signs: a new order "
        "is a new `[[rule]]` block with its own date, never an edit of an old one. No verdict of a rule can be "
        "overridden by anybody. What is kept by Toli can be switched off for a whole deployment by two people, on a "
        "lawyer's advice; it holds for 72 hours more and then stands on the calendar of elections as switched off. "
        "Every rule is on at first. *People* means that Toli says the rule and does not check it."
    )
    parts = []
    for pack in dict.fromkeys(rule.pack for rule in rules):
        rows = [
            (
                rule.number, _code(rule.id), f"{rule.title['hi']}<br>{rule.title['en']}", _span(rule),
                ", ".join(f"{_code(name)} {value}" for name, value in rule.numbers.items()),
                "people" if rule.kept_by == "people" else _code(rule.kept_by), _switch(rule),
                f"{rule.source} ({rule.confidence}){'' if rule.law else '; no rule of law'}",
            )
            for rule in rules if rule.pack == pack
        ]  # fmt: skip
        heads = ("no.", "rule", "what it says", "in force", "numbers", "kept by", "switch", "source")
        parts.append(f"## {pack}.toml\n\n" + _table(heads, rows))
    return _page("Rules of law", about, *parts)


def _span(rule: Any) -> str:
    return f"since {rule.since}" + (f" until {rule.until}" if rule.until else "")


def _switch(rule: Any) -> str:
    return f"with {_code(rule.follows)}" if rule.follows else "own" if rule.switch else ""


# --- personal data ---

LIBRARIES = (
    (
        "allauth.usersessions",
        "UserSession.ip, .user_agent",
        "to show a person their sessions; until they end",
    ),
    ("allauth.mfa", "Authenticator.data", "app codes and recovery codes under the key ring; until removed"),
    ("django.contrib.sessions", "Session.session_data", "which login and person a browser opened; 7 days"),
)


def personal_data() -> str:
    declared = [(room, *line) for room in _rooms() for line in _declared(room)]
    count = Counter(room for room, *_rest in declared)
    about = (
        f"{sum(count.values())} columns say something of a person. Names and numbers lie in `people` only; numbers "
        "are encrypted with a key outside the database. Records, logs and job arguments hold none. Each room "
        "declares its columns in `PERSONAL` in its `models`; a test fails when one is missing."
    )
    parts = [
        f"## {room}\n\n" + _table(("column", "why", "how long"), (line for found, *line in declared if found == room))
        for room in count
    ]
    libraries = _table(("library", "column", "why; how long"), LIBRARIES)
    return _page("Personal data", about, *parts, f"## kept by libraries\n\n{libraries}")


def _rooms() -> list[str]:
    folder = Path(commands.__file__).parents[1]
    return sorted(p.name for p in folder.iterdir() if (p / "models.py").exists() or (p / "models").is_dir())


def _declared(room: str) -> list[tuple[str, str, str]]:
    found: dict[str, str] = getattr(importlib.import_module(f"toli.{room}.models"), "PERSONAL", {})
    return [(_code(column), *map(str.strip, why.partition(";")[::2])) for column, why in found.items()]
