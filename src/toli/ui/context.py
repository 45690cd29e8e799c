"""What every page knows: languages, saver mode, and what the person may do."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, get_language_info

from toli.ui.offline import phone_key

SAVER_COOKIE = "toli_saver"


def shell(request: HttpRequest) -> Mapping[str, object]:
    """`may` is a set of right names: `{% if "org.appoint" in may %}` shows a button; services decide."""
    return {
        "may": rights_of(request),
        "languages": [(tag, get_language_info(tag)["name_local"]) for tag, _name in settings.LANGUAGES],
        "language": get_language() or settings.LANGUAGE_CODE,
        "saver": request.COOKIES.get(SAVER_COOKIE) == "1",
        "phone_key": phone_key(request),
        "page_made_at": timezone.now(),
    }


def rights_of(request: HttpRequest) -> frozenset[str]:
    """Every right the request's actor holds anywhere."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return frozenset()
    return frozenset(right for grant in actor.grants() for right in grant.rights)
