"""What Instagram's answers mean: codes are read in `meta`, the states of a container here."""

from typing import Any

from toli.delivery.providers import SendFault, text_of

WAIT = "IN_PROGRESS"
READY = "FINISHED"
OUT = "PUBLISHED"


def state_of(said: dict[str, Any]) -> str:
    """The state of a container. Raises SendFault where it never becomes a post."""
    state = text_of(said, "status_code")
    if state in (WAIT, READY, OUT):
        return state
    raise SendFault("media_refused", final=True) if state in ("ERROR", "EXPIRED") else SendFault("garbage")
