"""Which ways out this deployment has, where each leads, and which of them a number may go to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from toli.delivery.hook_secrets import hook_secret, local_receipt_secret
from toli.delivery.limits import push_hosts
from toli.delivery.models import Account
from toli.delivery.providers import Adapter, Publisher, SendFault, meta
from toli.delivery.providers.facebook import receipts as facebook_receipts
from toli.delivery.providers.facebook.adapter import Facebook
from toli.delivery.providers.instagram import receipts as instagram_receipts
from toli.delivery.providers.instagram.adapter import Instagram
from toli.delivery.providers.sms import receipts as sms_receipts
from toli.delivery.providers.sms.adapter import SmsHttp, VoiceHttp
from toli.delivery.providers.smtp import receipts as smtp_receipts
from toli.delivery.providers.smtp.adapter import Smtp
from toli.delivery.providers.telegram import receipts as telegram_receipts
from toli.delivery.providers.telegram.adapter import URL as TELEGRAM_URL
from toli.delivery.providers.telegram.adapter import Telegram
from toli.delivery.providers.webhook import receipts as webhook_receipts
from toli.delivery.providers.webhook.adapter import Webhook
from toli.delivery.providers.webpush.adapter import WebPush
from toli.delivery.providers.whatsapp import receipts as whatsapp_receipts
from toli.delivery.providers.x.adapter import URL as X_URL
from toli.delivery.providers.x.adapter import X
from toli.delivery.providers.youtube.adapter import URL as YOUTUBE_URL
from toli.delivery.providers.youtube.adapter import YouTube
from toli.kit import secrets
from toli.kit.phone import is_demo

ADDRESSES: Mapping[str, str] = {
    "telegram": TELEGRAM_URL, "facebook": meta.URL, "instagram": meta.URL, "x": X_URL, "youtube": YOUTUBE_URL,
    "whatsapp": meta.URL,
}  # fmt: skip
PUBLISHERS: Mapping[str, Callable[[str, str, str], Publisher]] = {
    "telegram": Telegram, "facebook": Facebook, "instagram": Instagram, "x": X, "youtube": YouTube,
    "webhook": Webhook,
}  # fmt: skip
"""How each platform's adapter is made of a name, a key and an address. WhatsApp is not among them: it posts nothing."""

RECEIPTS: Mapping[str, ModuleType] = {
    "sms": sms_receipts, "telegram": telegram_receipts, "facebook": facebook_receipts,
    "instagram": instagram_receipts, "webhook": webhook_receipts, "email": smtp_receipts,
    "whatsapp": whatsapp_receipts,
}  # fmt: skip
META = frozenset({"facebook", "instagram", "whatsapp"})
PLATFORMS: Mapping[str, str] = {"website": "webhook"}
"""What the register of official accounts calls otherwise."""


def provider_of(platform: str) -> str:
    """The provider that posts to a platform of the register."""
    return PLATFORMS.get(platform, platform)


def address_of(provider: str) -> str:
    """Where a platform is reached: the local server's part of it, where one stands in for the outside."""
    return f"{settings.OUTSIDE_URL}{provider}/" if settings.OUTSIDE_URL else ADDRESSES[provider]


def publisher(account: Account) -> Publisher:
    """The way to one official account. Raises SecretsError, or SendFault where there is no key or no such way."""
    make = PUBLISHERS.get(account.provider)
    if make is None or account.cipher is None or account.key_version is None:
        raise SendFault("no_key" if make else "no_provider")
    token = secrets.decrypt(account.cipher, account.key_version, context="account")
    url = account.address if account.provider == "webhook" else address_of(account.provider)
    return make(f"{account.provider}:{account.pk}", token, url)


def is_listed(provider: str) -> bool:
    """True for a provider Toli can post with."""
    return provider in PUBLISHERS


def ways(channel: str, now: datetime) -> list[Adapter]:
    """The ways of a personal message of that channel, best first."""
    makers: Mapping[str, Callable[[], list[Adapter]]] = {
        "sms": sms_providers, "voice": voice_providers, "push": lambda: [web_push(now)], "email": mail_servers,
        "telegram": bots,
    }  # fmt: skip
    return makers[channel]() if channel in makers else []


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


def web_push(now: datetime) -> WebPush:
    """Notices to browsers, under one key that comes from the keyring."""
    return WebPush("push", push_key(), settings.PUBLIC_URL, push_hosts(now), only_here=bool(settings.OUTSIDE_URL))


def push_key() -> ec.EllipticCurvePrivateKey:
    """The key of RFC 8292: the same for the life of the keyring, for browsers subscribe to it."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    made = int.from_bytes(secrets.signature("delivery.push", "1").encode(), "big") % (order - 1) + 1
    return ec.derive_private_key(made, ec.SECP256R1())


def mail_servers() -> list[Adapter]:
    """The mail server the environment names."""
    at = urlsplit(settings.MAIL_URL)
    if not at.hostname:
        return []
    return [Smtp("mail", at.hostname, at.port or 587, settings.MAIL_SENDER, at.username or "", at.password or "")]


def bots() -> list[Adapter]:
    """The bot that writes to people who wrote to it first."""
    if not settings.TELEGRAM_TOKEN:
        return []
    return [Telegram("bot", settings.TELEGRAM_TOKEN, address_of("telegram"))]


def route(number: str, providers: Sequence[Adapter], resting: Collection[str] = ()) -> list[Adapter]:
    """The gateways to ask for this number, best first; one that failed just now comes last.

    A demo number only ever goes to this machine. Raises SendFault where nothing is left.
    """
    fit = [provider for provider in providers if provider.is_local or not is_demo(number)]
    if not fit:
        raise SendFault("demo_number" if providers else "no_provider", final=bool(providers))
    return sorted(fit, key=lambda provider: provider.name in resting)


@dataclass(frozen=True, slots=True)
class Hook:
    """Who may post here, and how it is read."""

    provider: str
    name: str
    secret: str
    receipts: ModuleType


def hook(provider: str, name: str) -> Hook | None:
    """The webhook of that name; None where nobody may post there."""
    receipts = RECEIPTS.get(provider) if name.isprintable() else None
    secret = _secret(provider, name) if receipts is not None else ""
    return Hook(provider, name, secret, receipts) if receipts is not None and secret else None


def _secret(provider: str, name: str) -> str:
    if provider == "sms":
        return receipt_secret(name)
    if provider in META:
        return str(settings.META_APP_SECRET)
    if provider in ("telegram", "email"):
        return hook_secret(provider, name)
    account = Account.objects.filter(provider=provider, external_id=name, cipher__isnull=False).first()
    if account is None or account.cipher is None or account.key_version is None:
        return ""
    return secrets.decrypt(account.cipher, account.key_version, context="account")


def receipt_secret(name: str) -> str:
    """The key a gateway signs its receipts with: its token, or one of the keyring where it has none."""
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


def callback_url(name: str, provider: str = "sms") -> str:
    """Where a provider posts its receipts."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/hooks/{provider}/{name}/"
