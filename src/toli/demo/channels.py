"""Official accounts, declared by two and operated by one, with the keys of the local server and some posts."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from toli.delivery import services
from toli.delivery.models import Account
from toli.delivery.services import Words
from toli.elections.gate import Subject
from toli.kit.actor import Actor
from toli.org import services as org
from toli.org.models import Unit
from toli.people.models import Person

# platform, handle, its id there, key of the local server
ACCOUNTS = (
    ("telegram", "toli_rajasthan", "@toli_rajasthan", "1:local"),
    ("facebook", "ToliRajasthan", "100100", "local"),
    ("x", "toli_rajasthan", "200200", "local"),
    ("website", "toli.example", "site", "local"),
)
POSTS = (
    "भीलवाड़ा: मतदान केंद्र कहाँ है, ऐप में अपने बूथ का नाम देखें।",
    "सुजानगढ़: मतदाता सूची में नाम जाँचने का आज आख़िरी दिन।",
    "राजसमंद: दिव्यांग मतदाता घर से वोट के लिए फ़ॉर्म 12D भरें।",
)


def open_channels(*, actors: Mapping[str, Actor], state: Unit, now: datetime) -> None:
    """Four accounts of the state; each says its own words, and one post waits for tomorrow."""
    asha, farida = actors["asha"], actors["farida"]
    operator = Person.objects.get(pk=asha.person_id)
    for platform, name, external_id, key in ACCOUNTS:
        handle = org.declare_handle(
            actor=asha, unit_ref=state.ref, platform=platform, handle=name, url=f"https://example.org/{platform}",
            automation="Toli posts what two people approved.", now=now,
        )  # fmt: skip
        org.confirm_handle(actor=farida, ref=handle.ref, now=now)
        org.name_operator(actor=asha, ref=handle.ref, person_ref=operator.ref, now=now)
        if platform == "website" and not settings.OUTSIDE_URL:
            continue
        account = services.connect_account(
            actor=asha, handle_ref=handle.ref, external_id=external_id, token=key,
            address=f"{settings.OUTSIDE_URL}webhook/" if platform == "website" else "", now=now,
        )  # fmt: skip
        _say(asha, account, now)


def _say(actor: Actor, account: Account, now: datetime) -> None:
    for place, text in enumerate(POSTS):
        services.queue_post(
            actor=actor, account_ref=account.ref, key=f"demo:{account.provider}:{place}", words=Words(text),
            subject=Subject("civic", f"demo:{place}"), now=now, not_before=now + timedelta(days=place // 2),
        )  # fmt: skip
