"""All platforms that post or push, beside the SMS gateway on one port: what the demo has instead of the outside."""

from toli.delivery.providers.facebook.local_server import FacebookSpeaker
from toli.delivery.providers.instagram.local_server import InstagramSpeaker
from toli.delivery.providers.serving import Speaker
from toli.delivery.providers.telegram.local_server import TelegramSpeaker
from toli.delivery.providers.webhook.local_server import WebhookSpeaker
from toli.delivery.providers.webpush.local_server import WebPushSpeaker
from toli.delivery.providers.whatsapp.local_server import WhatsAppSpeaker
from toli.delivery.providers.x.local_server import XSpeaker
from toli.delivery.providers.youtube.local_server import YouTubeSpeaker


def every_platform() -> list[Speaker]:
    """One of each; their key is "local", the bot's "1:local"."""
    return [
        TelegramSpeaker(), FacebookSpeaker(), InstagramSpeaker(), XSpeaker(), YouTubeSpeaker(), WebhookSpeaker(),
        WebPushSpeaker(), WhatsAppSpeaker(),
    ]  # fmt: skip
