"""A record as one sentence in a person's language."""

from collections import defaultdict
from collections.abc import Mapping

from toli.audit.models import Record
from toli.audit.verbs import VERBS

_FOR = {"hi": "{behalf} की ओर से {actor}", "en": "{actor}, on behalf of {behalf},"}
_NOBODY = {"hi": "किसी ने", "en": "Somebody"}


def sentence(record: Record, language: str) -> str:
    """What happened, with the seat that acted and the unit, as they were called then."""
    tag = language.split("-")[0]
    texts = VERBS.get(record.verb)
    if texts is None:
        return record.verb
    labels: Mapping[str, Mapping[str, str]] = record.labels
    values: dict[str, str] = defaultdict(lambda: "…")
    values.update({key: str(value) for key, value in record.data.items()})
    values["actor"] = _in(labels.get("actor"), tag) or _NOBODY.get(tag, "")
    if behalf := _in(labels.get("behalf"), tag):
        values["actor"] = _FOR.get(tag, _FOR["en"]).format(behalf=behalf, actor=values["actor"])
    values["unit"] = _in(labels.get("unit"), tag) or "…"
    return texts.get(tag, texts["en"]).format_map(values)


def _in(texts: Mapping[str, str] | None, tag: str) -> str:
    if not texts:
        return ""
    return texts.get(tag) or next(iter(texts.values()))
