"""The pulse on a phone: `{% pulse_head %}` in the head, `{% pulse %}` in the page."""

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.translation import get_language

from toli.broadcasts import queries, share

register = template.Library()


@register.inclusion_tag("broadcasts/_pulse_head.html")
def pulse_head() -> dict[str, Any]:
    """Style and script of the pulse."""
    return {}


@register.inclusion_tag("broadcasts/_pulse.html", takes_context=True)
def pulse(context: Context) -> dict[str, Any]:
    """The stream of the person whose page this is; a link to choose a constituency when they have none."""
    request = context["request"]
    language = (get_language() or "hi").split("-")[0]
    link = queries.stream_for(request.actor, now=timezone.now(), language=language)
    sharer = share.sharer(request.actor, link.unit, language) if link else ""
    return {"link": link, "sharer": sharer, "saver": context.get("saver", False), "request": request}
