"""What a Page's answers mean: the Graph API's codes are read in `meta`."""

from toli.delivery.providers import SendFault, Taken, text_of
from toli.delivery.providers.http import Answer
from toli.delivery.providers.meta import read


def taken(answer: Answer) -> Taken:
    """The id of the post. Raises SendFault."""
    said = read(answer)
    if not (ref := text_of(said, "post_id") or text_of(said, "id")):
        raise SendFault("garbage", unsure=True)
    return Taken(ref)
