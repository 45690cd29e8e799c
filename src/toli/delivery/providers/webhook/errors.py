"""What a site's answer means."""

from toli.delivery.providers import SendFault, text_of
from toli.delivery.providers.http import Answer

_OURS = {401: "not_authorised", 403: "not_authorised"}


def read(answer: Answer) -> str:
    """The site's id of the post; empty where it names none. Raises SendFault."""
    if answer.is_fine and answer.said().get("ok") is True:
        return text_of(answer.said(), "id")
    if answer.is_fine:
        raise SendFault("garbage", unsure=True)
    if answer.status == 429:
        raise SendFault("too_fast", retry_after=answer.retry_after or 1.0)
    if answer.status in _OURS:
        raise SendFault(_OURS[answer.status])
    if answer.status < 500:
        raise SendFault("refused", final=True)
    raise SendFault("provider_fault", unsure=True, retry_after=answer.retry_after)
