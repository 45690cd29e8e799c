"""The timeline that any page can show, and a record's sentence."""

from typing import Any

from django import template

from toli.audit import queries, sentences
from toli.audit.models import Record
from toli.kit import language

register = template.Library()


@register.filter
def sentence(record: Record) -> str:
    """The record in the page's language."""
    return sentences.sentence(record, language.current())


@register.inclusion_tag("audit/_timeline.html")
def timeline(target: Any, limit: int = 30) -> dict[str, object]:
    """What was done to a thing that has a ref, newest first."""
    return {"records": queries.timeline(ref=target.ref, limit=limit)}
