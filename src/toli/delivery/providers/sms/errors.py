"""What a gateway's answer means."""

from toli.delivery.providers import SendFault, Taken
from toli.delivery.providers.http import Answer

_FINAL = {400: "refused", 404: "refused", 422: "bad_number"}
_OURS = {401: "not_authorised", 403: "not_authorised"}


def read(answer: Answer) -> Taken:
    """The gateway's id of the message. An answer without one is no acceptance, whatever its status says."""
    if answer.status == 429:
        raise SendFault("too_fast", retry_after=answer.retry_after or 1.0)
    if answer.status in _FINAL:
        raise SendFault(_FINAL[answer.status], final=True)
    if answer.status in _OURS:
        raise SendFault(_OURS[answer.status])
    if not answer.is_fine:
        raise SendFault("provider_fault", unsure=True)
    said = answer.said()
    ref = said.get("id")
    if not isinstance(ref, str | int) or isinstance(ref, bool) or said.get("status") != "accepted":
        raise SendFault("garbage", unsure=True)
    return Taken(str(ref)[:100])
