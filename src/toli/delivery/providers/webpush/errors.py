"""What a push service's answer means (RFC 8030, sections 5 and 8)."""

from toli.delivery.providers import SendFault, Taken
from toli.delivery.providers.http import Answer


def read(answer: Answer) -> Taken:
    """The address of the message at the push service. Raises SendFault."""
    if answer.status in (200, 201, 202):
        return Taken(answer.headers.get("location", "").rsplit("/", 1)[-1][:100])
    if answer.status in (404, 410):
        raise SendFault("gone", final=True)
    if answer.status == 429:
        raise SendFault("too_fast", retry_after=answer.retry_after or 60.0)
    if answer.status in (401, 403):
        raise SendFault("not_authorised")
    if answer.status == 413:
        raise SendFault("too_long", final=True)
    if 400 <= answer.status < 500:
        raise SendFault("refused", final=True)
    raise SendFault("provider_fault", unsure=True, retry_after=answer.retry_after)
