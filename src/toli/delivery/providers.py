"""Which gateways this deployment has, and which of them a number may go to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.conf import settings

from toli.delivery.adapters import Adapter, SendFault
from toli.delivery.adapters.sms_http import SmsHttp
from toli.delivery.adapters.voice_http import VoiceHttp
from toli.kit import secrets
from toli.kit.phone import is_demo


def sms_providers() -> list[Adapter]:
    """The gateway, then its fallback, as the environment names them."""
    given = (
        ("first", settings.SMS_URL, settings.SMS_TOKEN),
        ("fallback", settings.SMS_FALLBACK_URL, settings.SMS_FALLBACK_TOKEN),
    )
    return [SmsHttp(name, url, token) for name, url, token in given if url]


def voice_providers() -> list[Adapter]:
    """The way to speak a code by a call, where there is one."""
    if not settings.VOICE_URL:
        return []
    return [VoiceHttp("voice", settings.VOICE_URL, settings.VOICE_TOKEN, settings.VOICE_CALLER)]


def route(number: str, providers: Sequence[Adapter], resting: Collection[str] = ()) -> list[Adapter]:
    """The gateways to ask for this number, best first; one that failed just now comes last.

    A demo number only ever goes to this machine. Raises SendFault where nothing is left.
    """
    fit = [provider for provider in providers if provider.is_local or not is_demo(number)]
    if not fit:
        raise SendFault("demo_number" if providers else "no_provider", final=bool(providers))
    return sorted(fit, key=lambda provider: provider.name in resting)


def receipt_secret(name: str) -> str:
    """The key a provider signs its receipts with: its token, or one of the keyring where it has none."""
    provider = next((one for one in sms_providers() if one.name == name), None)
    if not isinstance(provider, SmsHttp):
        return ""
    return provider.token or (local_receipt_secret() if provider.is_local else "")


def checks_senders(name: str) -> bool:
    """True for a gateway that takes the sender of an SMS from the network, as the deployment vouches, and for the local
    server: only their word on who wrote proves a number.
    """
    if name in settings.SMS_CHECKED_SENDERS:
        return True
    return any(one.is_local for one in sms_providers() if one.name == name)


def local_receipt_secret() -> str:
    """What the local server and this deployment share without anybody setting it."""
    return secrets.signature("delivery.receipts", "local")


def callback_url(name: str) -> str:
    """Where a provider posts its receipts."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/hooks/sms/{name}/"
