"""Words of the pairs of polling stations."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()
KINDS = {
    "main": pgettext_lazy("station", "Main"), "auxiliary": _("Auxiliary"),
    "not_stated": _("not stated whether main or auxiliary"),
}  # fmt: skip
SIGNS = {
    "name": _("Name"), "building": _("Building"), "number": _("Number"), "place": pgettext_lazy("sign", "Place"),
}  # fmt: skip


@register.filter
def station_kind(kind: str) -> str:
    return str(KINDS.get(kind, kind))


@register.filter
def sign_word(name: str) -> str:
    return str(SIGNS.get(name, name))


@register.filter
def at(values: Mapping[Any, Any], key: Any) -> Any:
    return values.get(key)
