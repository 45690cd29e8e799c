"""The notice a new deployment begins with. Who answers is said by the deployment (TOLI_CONTACT_...)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from toli.consent.models import Notice
from toli.consent.purposes import PURPOSES
from toli.consent.services import publish_notice
from toli.kit.actor import Actor

TEXTS: dict[str, dict[str, str]] = {
    "hi": {
        "title": "आपकी जानकारी: हम क्या रखते हैं और क्यों",
        "intro": "टीम से जुड़ने के लिए हम आपसे यह जानकारी लेते हैं। हर काम के लिए अलग से हाँ या ना कहें।",
        "keep": "जानकारी तब तक रहती है जब तक आप जुड़े हैं। हटाने को कहेंगे तो काम में लेना तुरंत बंद होगा"
        " और कानून की अवधि पूरी होने पर मिटा दी जाएगी।",
        "never": "हम जाति, धर्म, आधार, बैंक खाता, बीमारी या आपका वोट कभी नहीं पूछते।",
        "rights": "आप अपनी जानकारी देख सकते हैं, सुधार सकते हैं, हाँ को ना कर सकते हैं और मिटाने को कह सकते हैं।",
        "complain": "जवाब से संतुष्ट न हों तो डेटा संरक्षण बोर्ड में शिकायत कर सकते हैं।",
    },
    "en": {
        "title": "Your data: what we keep, and why",
        "intro": "To join the team we ask you for this. Say yes or no to each purpose apart.",
        "keep": "We keep it while you are with us. If you ask us to erase it, we stop using it at once and erase it"
        " when the time the law sets is over.",
        "never": "We never ask about caste, religion, Aadhaar, bank account, health or your vote.",
        "rights": "You can see your data, correct it, change a yes to a no, and ask us to erase it.",
        "complain": "If our answer does not satisfy you, you can complain to the Data Protection Board.",
    },
}

ITEMS: list[dict[str, Any]] = [
    {
        "data": {"hi": "नाम और जन्म का साल", "en": "Name and year of birth"},
        "why": {"hi": "आपको पहचानने और 18 साल की जाँच के लिए", "en": "to know you and to check that you are 18"},
        "purposes": ["organise"],
    },
    {
        "data": {"hi": "मोबाइल नंबर", "en": "Mobile number"},
        "why": {"hi": "लॉग-इन कोड, SMS और फ़ोन के लिए", "en": "for the login code, SMS and calls"},
        "purposes": ["organise", "sms", "calls"],
    },
    {
        "data": {"hi": "इलाका या बूथ", "en": "Your area or booth"},
        "why": {"hi": "पास की टीम में जगह देने के लिए", "en": "to give you a place in a team near you"},
        "purposes": ["organise", "news"],
    },
    {
        "data": {
            "hi": "ब्राउज़र, ई-मेल या टेलीग्राम, अगर आप जोड़ें",
            "en": "Browser, e-mail or Telegram, if you connect them",
        },
        "why": {"hi": "वहाँ सूचना भेजने के लिए", "en": "to notify you there"},
        "purposes": ["organise", "news"],
    },
    {
        "data": {"hi": "हुनर और भाषाएँ, अगर आप बताएँ", "en": "Skills and languages, if you tell us"},
        "why": {"hi": "आपके लायक काम देने के लिए", "en": "to give you work that suits you"},
        "purposes": ["organise"],
    },
    {
        "data": {"hi": "काम की तस्वीरें, अगर आप भेजें", "en": "Photos of work, if you send them"},
        "why": {"hi": "काम के सबूत के लिए", "en": "as proof of work"},
        "purposes": ["photos"],
    },
]


def ensure_notice(*, actor: Actor, now: datetime) -> Notice:
    """The notice in force, naming who answers in this deployment; the first one where none was published yet, and a
    new version where somebody else answers by now.
    """
    notice = Notice.objects.filter(key="join", replaced_at=None).first()
    if notice is None:
        return publish_notice(
            actor=actor, texts=TEXTS, items=ITEMS, purposes=list(PURPOSES), contact=settings.CONTACT, now=now
        )
    if notice.contact == settings.CONTACT:
        return notice
    return publish_notice(
        actor=actor, texts=notice.texts, items=notice.items, purposes=notice.purposes, contact=settings.CONTACT, now=now
    )
