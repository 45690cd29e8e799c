"""What a gateway is asked, for an SMS and for a call."""

from toli.delivery.providers import Outgoing


def sms(out: Outgoing) -> dict[str, str]:
    """The body of one SMS."""
    return {"sender": out.sender, "to": out.to, "text": out.text, **_both(out)}


def call(out: Outgoing, caller: str) -> dict[str, str]:
    """The body of one call: `say` is what the voice says."""
    return {"caller": caller or out.sender, "to": out.to, "say": out.text, **_both(out)}


def _both(out: Outgoing) -> dict[str, str]:
    return {"template_id": out.template_id, "client_ref": out.client_ref, "callback": out.callback}


def headers(out: Outgoing, token: str) -> dict[str, str]:
    """The token, and the key that makes a repeated request one message."""
    key = {"Idempotency-Key": out.client_ref}
    return {**key, "Authorization": f"Bearer {token}"} if token else key
