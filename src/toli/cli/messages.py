"""The catalogues of translations, one per room: collected, judged and compiled with Babel alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
LANGUAGE = "hi"
NOT_ROOMS = {"cli", "config", "bench", "__pycache__"}
KEYWORDS: dict[str, object] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
# Words that a district worker reads in Latin letters every day.
LATIN_ALLOWED = {
    "geojson",
    "topojson",
    "sms",
    "pin",
    "whatsapp",
    "csv",
    "pdf",
    "url",
    "a",
    "b",
    "c",
    "d",
    "otp",
    "qr",
    "id",
    "ist",
    "mb",
    "kb",
    "lgd",
    "english",
    "https",
    "http",
    "xlsx",
    "ok",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif](?![a-z])|\{\w*\}")
# Not words: tags, entities, file names, options of the command line and `code`.
MARKUP = re.compile(r"<[^>]+>|&\w+;|`[^`]*`|--[a-z][\w-]*|[\w/]*\.(?:csv|xlsx|pdf|toml|md)\b|\bUTF-8\b|\bS\d\d\b")


@dataclass(frozen=True)
class Fault:
    """One text that a Hindi reader would stumble over, and why."""

    room: str
    msgid: str
    why: str

    def __str__(self) -> str:
        return f"{self.room}: {self.why}: {self.msgid!r}"


def rooms() -> list[str]:
    """Every package that may hold texts for people."""
    return sorted(p.name for p in PACKAGE.iterdir() if p.is_dir() and p.name not in NOT_ROOMS)


def catalogue_path(room: str) -> Path:
    return PACKAGE / room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def collect(room: str) -> Catalog:
    """Every text of the room's Python files and templates."""
    catalogue = Catalog(locale=LANGUAGE)
    for path in sorted((PACKAGE / room).rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
            for message, context in _texts(path):
                place = [(str(path.relative_to(PACKAGE)), 1)]
                catalogue.add(message, locations=place, context=context)
    return catalogue


def _texts(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    if path.suffix == ".py":
        source = path.read_bytes()
    elif "templates" in path.parts:
        source = _template_as_python(path)
    else:
        return
    for _line, message, _comments, context in extract("python", BytesIO(source), KEYWORDS):  # type: ignore[arg-type]
        if message and message != ("", ""):
            yield message, context


def _template_as_python(path: Path) -> bytes:
    # Left edges go: the blanked-out markup would be read as Python indentation.
    lines = templatize(path.read_text("utf-8"), origin=str(path)).splitlines()
    return "\n".join(line.strip() for line in lines).encode()


def read(room: str) -> Catalog:
    path = catalogue_path(room)
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def update(room: str) -> bool:
    """Bring the room's catalogue in line with its texts; unused ones go. True when changed."""
    wanted, path = collect(room), catalogue_path(room)
    if not len(wanted) and not path.exists():
        return False
    catalogue = read(room)
    catalogue.update(wanted, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    _borrow(catalogue, room)
    text = written(catalogue)
    if path.exists() and path.read_bytes() == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    return True


def _borrow(catalogue: Catalog, room: str) -> None:
    """Take a missing translation from another room: one English text has one Hindi everywhere."""
    missing = [m for m in catalogue if m.id and not all(_strings(m))]
    for other in rooms() if missing else []:
        if other == room:
            continue
        theirs = read(other)
        for message in missing:
            found = theirs.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
            if found and all(_strings(found)) and not found.fuzzy:
                message.string = found.string


def disagreements(among: Iterable[str] | None = None) -> list[str]:
    """English texts that two rooms say differently: Django keeps one catalogue, so one of them would lose."""
    said: dict[tuple[str, str | None], dict[str, str]] = {}
    for room in among or rooms():
        for message in read(room):
            if isinstance(message.id, str) and message.id and message.string:
                said.setdefault((message.id, message.context), {})[room] = str(message.string)
    return [
        f"{msgid!r}: " + ", ".join(f"{room} {text!r}" for room, text in texts.items())
        for (msgid, _context), texts in sorted(said.items(), key=str)
        if len(set(texts.values())) > 1
    ]


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a file: without dates or line numbers, so that only texts make a difference."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=110, omit_header=True, no_location=True, sort_output=True)
    header = (
        'msgid ""\nmsgstr ""\n"Language: hi\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    return header.encode() + buffer.getvalue()


def compile_all(only: Iterable[str] | None = None) -> int:
    """Write the compiled catalogue beside each source. Returns how many were written."""
    paths = [path for room in only or rooms() if (path := catalogue_path(room)).exists()]
    for path in paths:
        with path.open("rb") as source:
            catalogue = read_po(source, locale=LANGUAGE)
        target = path.with_suffix(".mo.new")
        with target.open("wb") as file:
            write_mo(file, catalogue)
        target.replace(path.with_suffix(".mo"))
    return len(paths)


def faults(room: str) -> list[Fault]:
    """What is missing or wrong in the room's Hindi, judged against the texts in its code now."""
    have = {(m.id if isinstance(m.id, str) else m.id[0], m.context): m for m in read(room) if m.id}
    found = []
    for wanted in collect(room):
        if not wanted.id:
            continue
        name = wanted.id if isinstance(wanted.id, str) else wanted.id[0]
        why = _fault(wanted, have.get((name, wanted.context)))
        if why:
            found.append(Fault(room, name, why))
    return found


def _fault(wanted: Message, have: Message | None) -> str:
    texts = _strings(have)
    if have is None or not all(texts):
        return "not translated"
    if have.fuzzy:
        return "marked fuzzy"
    ids = [wanted.id] if isinstance(wanted.id, str) else list(wanted.id)
    if any(set(PLACEHOLDER.findall(t)) - _placeholders(ids) for t in texts):
        return "has a placeholder the English text has not"
    if set(PLACEHOLDER.findall(ids[-1])) != set(PLACEHOLDER.findall(texts[-1])):
        return "lost a placeholder"
    return next((why for text in texts if (why := judge(text))), "")


def _strings(message: Message | None) -> list[str]:
    if message is None or message.string is None:
        return [""]
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _placeholders(ids: list[str]) -> set[str]:
    return {p for text in ids for p in PLACEHOLDER.findall(text)}


def judge(text: str) -> str:
    """Why a Hindi text does not read as Hindi; "" when it does."""
    plain = MARKUP.sub(" ", PLACEHOLDER.sub(" ", text))
    stray = [w for w in re.findall(r"[A-Za-z]+", plain) if w.lower() not in LATIN_ALLOWED]
    if stray:
        return f"has the Latin word {stray[0]!r}"
    if re.search(r"\w", plain) and not re.search(r"[\u0900-\u097f]", plain) and not _only_allowed(plain):
        return "has no Devanagari"
    return ""


def _only_allowed(plain: str) -> bool:
    return all(word.lower() in LATIN_ALLOWED or word.isdigit() for word in re.findall(r"\w+", plain))
