"""The purposes a person is asked about, apart from one another and none ticked beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Purpose:
    """`channels` are the ways this purpose may use once it is given."""

    key: str
    names: Mapping[str, str]
    explains: Mapping[str, str]
    channels: frozenset[str]


_ALL = (
    Purpose(
        "organise",
        {"hi": "टीम में काम", "en": "Work in a team"},
        {
            "hi": "आपका नाम, नंबर और इलाका रखकर आपको टीम में जगह और काम देना, और इसकी सूचना ऐप में या उस ई-मेल या"
            " टेलीग्राम पर देना जो आप ख़ुद जोड़ें।",
            "en": "To keep your name, number and area, to give you a place and work in a team, and to tell you of it in"
            " the app or by an e-mail address or Telegram chat you connect yourself.",
        },
        frozenset({"app", "push", "email", "telegram"}),
    ),
    Purpose(
        "sms",
        {"hi": "काम की SMS", "en": "SMS about your work"},
        {
            "hi": "काम, बैठक और समय की याद SMS से भेजना।",
            "en": "To remind you of work, meetings and times by SMS.",
        },
        frozenset({"sms"}),
    ),
    Purpose(
        "calls",
        {"hi": "फ़ोन कॉल", "en": "Phone calls"},
        {
            "hi": "आपकी टीम के लोग आपको फ़ोन कर सकें।",
            "en": "To let people of your team call you.",
        },
        frozenset({"call"}),
    ),
    Purpose(
        "news",
        {"hi": "नारे और ख़बरें", "en": "Slogans and news"},
        {
            "hi": "अभियान के नारे, तस्वीरें और ख़बरें दिखाना और ऐप में या आपके जोड़े ई-मेल या टेलीग्राम पर सूचना भेजना;"
            " SMS पर तभी जब आप SMS के लिए भी हाँ कहें।",
            "en": "To show you slogans, pictures and news of the campaign and to notify you of them, in the app or by"
            " an e-mail address or Telegram chat you connect yourself; by SMS only if you say yes to SMS too.",
        },
        frozenset({"app", "push", "sms", "email", "telegram"}),
    ),
    Purpose(
        "photos",
        {"hi": "तस्वीरें", "en": "Photos"},
        {
            "hi": "काम की जो तस्वीरें आप भेजें, उन्हें काम के सबूत के तौर पर रखना।",
            "en": "To keep the photos you send as proof of work.",
        },
        frozenset({"app"}),
    ),
)

PURPOSES: Mapping[str, Purpose] = {purpose.key: purpose for purpose in _ALL}

BASE = "organise"
"""Without it there is no seat: saying no to it ends every appointment."""
