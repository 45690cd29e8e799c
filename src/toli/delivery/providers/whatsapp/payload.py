"""What the Cloud API is asked. Source: developers.facebook.com/docs/whatsapp/cloud-api."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toli.delivery.providers import Outgoing


def template(out: Outgoing, language: str = "hi") -> Mapping[str, Any]:
    """A registered text with its one value; nothing else may be sent unasked."""
    values = [{"type": "body", "parameters": [{"type": "text", "text": out.text}]}]
    said = {"name": out.template_id, "language": {"code": language}, "components": values}
    return {
        "messaging_product": "whatsapp", "to": out.to.lstrip("+"), "type": "template", "template": said,
        "biz_opaque_callback_data": out.client_ref,
    }  # fmt: skip
