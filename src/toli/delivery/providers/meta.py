"""What Facebook, Instagram and WhatsApp have in common: the Graph API's faults, tokens and signatures.

Source: developers.facebook.com/docs/graph-api (guides: error handling, rate limiting, webhooks, access tokens).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from toli.delivery.providers import SendFault, Standing, text_of
from toli.delivery.providers.http import Answer, ask
from toli.delivery.providers.serving import Asked, Reply

URL = "https://graph.facebook.com/v23.0/"
TOKEN_CODES = frozenset({102, 190, 463, 467})
PACE_CODES = frozenset({4, 17, 32, 613, 80001, 80002, 80007, 130429, 131056})
RIGHT_CODES = frozenset({3, 10, 200, 283, 368})
DUPLICATE = 506
OVER_LIMIT_SUBCODE = "2207042"
BLOCKED = 131026


def read(answer: Answer) -> dict[str, Any]:
    """The answer's object. Raises SendFault."""
    said = answer.said()
    if answer.is_fine and said and "error" not in said:
        return said
    if not isinstance(said.get("error"), dict):
        raise SendFault("garbage" if answer.is_fine else "provider_fault", unsure=True)
    raise _fault(said["error"], answer)


def _fault(error: dict[str, Any], answer: Answer) -> SendFault:
    code = error.get("code")
    if code in PACE_CODES or answer.status == 429:
        return SendFault("too_fast", retry_after=regained(answer))
    if text_of(error, "error_subcode") == OVER_LIMIT_SUBCODE:
        return SendFault("too_fast", retry_after=3600.0)
    if code in TOKEN_CODES:
        return SendFault("not_authorised")
    if code == DUPLICATE:
        return SendFault("duplicate", unsure=True)
    if code in RIGHT_CODES:
        return SendFault("not_allowed_there", final=True)
    if code == BLOCKED:
        return SendFault("gone", final=True)
    if code in (1, 2) or answer.status >= 500:
        return SendFault("provider_fault", unsure=True)
    return SendFault("refused", final=True)


def regained(answer: Answer) -> float:
    """Seconds until the platform lets us on: the longest it names in X-Business-Use-Case-Usage (minutes there)."""
    try:
        usage = json.loads(answer.headers.get("x-business-use-case-usage", "{}"))
        minutes = [int(row.get("estimated_time_to_regain_access", 0)) for rows in usage.values() for row in rows]
    except (ValueError, TypeError, AttributeError):
        minutes = []
    return max([minute * 60.0 for minute in minutes] + [answer.retry_after or 60.0])


def standing(url: str, token: str, *, timeout: float) -> Standing:
    """Until when the token is good, as the platform says. Raises SendFault."""
    answer = ask("GET", f"{url}debug_token", params={"input_token": token}, headers=bearer(token), timeout=timeout)
    data = read(answer).get("data")
    if not isinstance(data, dict) or data.get("is_valid") is not True:
        raise SendFault("not_authorised")
    ends = data.get("expires_at")
    return Standing(datetime.fromtimestamp(ends, UTC) if isinstance(ends, int) and ends > 0 else None)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def sign(secret: str, body: bytes) -> str:
    """The signature of Meta's webhooks."""
    return f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"


def is_genuine(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """True when the platform signed exactly this with the app's secret; header names are lower case."""
    given = headers.get("x-hub-signature-256", "")
    return bool(secret) and hmac.compare_digest(given.encode(), sign(secret, body).encode())


def refusal(mode: str) -> Reply:
    """How the Graph API says 401, 429 and "no"."""
    code, status = {"401": (190, 401), "429": (32, 400), "refuse": (100, 400)}[mode]
    usage = json.dumps({"1": [{"estimated_time_to_regain_access": 2}]}) if mode == "429" else "{}"
    error = {"message": "local", "type": "OAuthException", "code": code}
    return Reply(status, {"error": error}, headers={"X-Business-Use-Case-Usage": usage})


def debug(asked: Asked, token: str, expires_at: int) -> Reply:
    """The local side of debug_token."""
    return Reply(said={"data": {"is_valid": asked.one("input_token") == token, "expires_at": expires_at}})
