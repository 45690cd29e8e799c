"""What the Cloud API's answers mean: codes are read in `meta`."""

from toli.delivery.providers import SendFault, Taken, text_of
from toli.delivery.providers.http import Answer
from toli.delivery.providers.meta import read


def taken(answer: Answer) -> Taken:
    """The id of the message. Raises SendFault."""
    if not (ref := text_of(read(answer), "messages", 0, "id")):
        raise SendFault("garbage", unsure=True)
    return Taken(ref)
