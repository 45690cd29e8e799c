"""The words of the mapping screen: fields, levels and steps as people read them."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from toli.kit.errors import Sentence
from toli.kit.language import text_of
from toli.org import base
from toli.org.importing import choosing

_WORDS: dict[str, Sentence] = {
    "level": gettext_lazy("Level"),
    "code": gettext_lazy("Code"),
    "parent": gettext_lazy("Code of the unit above"),
    "electoral_parent": gettext_lazy("Code of the unit above in elections"),
    "administrative_parent": gettext_lazy("Code of the unit above in the administration"),
    "aliases": gettext_lazy("Other names"),
    "name_hi": gettext_lazy("Name in Hindi"),
    "name_en": gettext_lazy("Name in English"),
    "name": gettext_lazy("Name"),
    "number": gettext_lazy("Number"),
    "number_and_name": gettext_lazy("Number and name in one"),
    "kind": gettext_lazy("Main or auxiliary"),
    "latitude": gettext_lazy("Latitude"),
    "longitude": gettext_lazy("Longitude"),
    "coordinates": gettext_lazy("Latitude and longitude in one"),
    "constituency": gettext_lazy("Constituency, number and name"),
    "constituency_only": gettext_lazy("Constituency"),
    "constituency_number": gettext_lazy("Number of the constituency"),
    "constituency_name": gettext_lazy("Name of the constituency"),
    "serial_from": gettext_lazy("Electors from number"),
    "serial_to": gettext_lazy("Electors to number"),
    "electricity": gettext_lazy("Electricity"),
    "toilet": gettext_lazy("Toilet"),
    "ramp": gettext_lazy("Ramp"),
    "reservation": gettext_lazy("Reserved for"),
    "reserved": gettext_lazy("Reserved for"),
    "electors": gettext_lazy("Number of electors"),
    "polled": gettext_lazy("Votes polled"),
    "poll_percent": gettext_lazy("Votes polled in percent"),
    "election": gettext_lazy("Month of the election"),
    "election_type": gettext_lazy("Kind of election"),
    "parliament_name": gettext_lazy("Name of the parliament seat"),
    "parliament_type": gettext_lazy("Parliament seat reserved for"),
    "state_abbreviation": gettext_lazy("Short name of the state"),
    "town_kind": gettext_lazy("Kind of town body"),
    "pin": pgettext_lazy("place", "PIN code"),
}
_STEPS: dict[str, Sentence] = {
    "waiting": gettext_lazy("Waiting for its turn"),
    "reading": gettext_lazy("Reading the file"),
    "checking": gettext_lazy("Checking every row"),
    "units": gettext_lazy("Writing the units"),
}
_NAMES = {key: {"hi": hi, "en": en} for key, _rank, hi, en in base.LEVELS}


def level_word(key: str) -> str:
    return text_of(_NAMES.get(key)) or key


def level_counts(by_level: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(level_word(key), number) for key, number in sorted(by_level.items())]


def step_words(step: str) -> str:
    return str(_STEPS.get(step, ""))


def field_word(layout: str, name: str) -> str:
    """A field as a person reads it."""
    if layout == "tree" and "." in name:
        level, _dot, part = name.partition(".")
        return f"{level_word(level)}: {field_word('', part)}"
    if name in _WORDS:
        return str(_WORDS[name])
    head, _line, tail = name.partition("_")
    if head == "code":
        return _("Code (%(scheme)s)") % {"scheme": _scheme(tail)}
    if head == "fact":
        return _("Fact: %(name)s") % {"name": str(_WORDS.get(tail, tail))}
    if head == "name":
        return _("Name (%(language)s)") % {"language": tail}
    return _of_a_level(head, tail) or name


def _of_a_level(head: str, tail: str) -> str:
    """`village_name` and the like of the directory's lists."""
    level = level_word(choosing.lgd.LEVELS.get(head, head))
    words = {"": _("Code"), "name": _("Name"), "local": _("Name in Hindi"), "version": _("Version")}
    return f"{level}: {words[tail]}" if tail in words and level != head else ""


def _scheme(tail: str) -> str:
    names = {"eci": _("Election Commission"), "lgd": _("Local Government Directory"), "org": _("our own")}
    return names.get(tail, tail)


def choices(layout: str, more: Sequence[str] = ()) -> list[tuple[str, str]]:
    """What a column may hold, with the fields a saved mapping brings of its own."""
    listed = choosing.fields_of(layout)
    return [
        (name, field_word(layout, name)) for name in [*listed, *(n for n in dict.fromkeys(more) if n not in listed)]
    ]


def needed_words(layout: str) -> str:
    """What must be chosen at least."""
    if layout in ("toli", "tree"):
        return choosing.needed(layout)
    wanted = choosing.PATTERNS[layout].needed
    return "; ".join(" / ".join(field_word(layout, name) for name in choice) for choice in wanted)
