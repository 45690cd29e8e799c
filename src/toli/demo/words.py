"""Slogans and today's items: written, approved by two, released and out; some on the way, one missing."""

from datetime import datetime, timedelta

from toli.broadcasts import services as broadcasts
from toli.broadcasts.audience import Plan
from toli.content import compliance, queries, services
from toli.content.models import Item, Sheet
from toli.content.rules import sheet_hash
from toli.content.wording import Wording
from toli.demo.names import Name
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.org.models import Unit

READ = [point.key for point in compliance.points()]
"""By-elections are on: the texts were read against every point of the code of conduct."""
SOURCE = {"hi": "टोली नमूना अभियान की ओर से", "en": "From the Toli demo campaign"}
APPEALS = (
    Name("गाँव की बात, सबके साथ", "The village speaks, all together"),
    Name("पानी हर खेत, काम हर हाथ", "Water for every field, work for every hand"),
    Name("अच्छी सड़क, पास स्कूल", "A good road, a school near by"),
    Name("बेटी पढ़े, गाँव बढ़े", "When girls learn, the village grows"),
    Name("साफ़ काम, खुला हिसाब", "Clean work, open accounts"),
    Name("हमारा गाँव, हमारी ज़िम्मेदारी", "Our village, our duty"),
    Name("बिजली रात भर, पढ़ाई घर-घर", "Light all night, learning in every home"),
    Name("सुनेंगे सबकी, करेंगे मिलकर", "We listen to all and act together"),
    Name("युवा की ताक़त, गाँव की तरक़्क़ी", "The strength of the young moves the village"),
    Name("इलाज पास, भरोसा साथ", "A clinic near by, trust beside it"),
    Name("फ़सल का दाम, मेहनत का मान", "A fair price for the crop, respect for the work"),
    Name("हर बूथ मज़बूत, हर साथी तैयार", "Every booth strong, everybody ready"),
)
CIVIC = (
    Name("मतदान सुबह 7 बजे से। पहचान पत्र साथ लाएँ।", "Polling begins at 7. Bring your identity card."),
    Name("अपना मतदान केंद्र आज ही देख लें।", "Look up your polling station today."),
    Name("बुज़ुर्गों को मतदान केंद्र तक पहुँचने में मदद करें।", "Help the elderly to the polling station."),
)
INTERNAL = (
    Name("आज शाम 6 बजे बूथ टीम की बैठक।", "Booth team meeting at 6 this evening."),
    Name("पारी बदलते समय अगले साथी को बात बताकर जाएँ।", "Tell the next shift what stands open before you go."),
)
TODAY = {
    179: Name("आज सहाड़ा में: हर गाँव तक पक्की सड़क की बात करें।", "Today in Sahara: speak of a good road to every village."),
    175: Name("आज राजसमंद में: झील का पानी खेत तक।", "Today in Rajsamand: the lake's water to the fields."),
    24: Name("आज सुजानगढ़ में: लड़कियों के कॉलेज की बात।", "Today in Sujangarh: a college for girls."),
}


def write_words(*, actors: dict[str, Actor], state: Unit, seats: dict[int, Unit], now: datetime) -> None:
    """Three sheets for the whole state, and today's item of the seats: out, approved, waiting, and none."""
    asha, farida, jagdish = actors["asha"], actors["farida"], actors["jagdish"]
    for title, slogans, matter, quota in (
        ("अभियान के नारे", APPEALS, "appeal", 14),
        ("मतदान की जानकारी", CIVIC, "civic", 6),
        ("टीम के लिए", INTERNAL, "internal", 4),
    ):
        sheet = _sheet(asha, state, title, slogans, matter, now - timedelta(days=6))
        _approve_sheet(sheet, (farida, jagdish), now - timedelta(days=5))
        _release(asha, farida, sheet, [state.pk], quota, now)
    waiting = _sheet(actors["gopal"], seats[179], "सहाड़ा के नए नारे", APPEALS[:4], "appeal", now - timedelta(hours=4))
    services.submit_sheet(actor=actors["gopal"], ref=waiting.ref, now=now - timedelta(hours=3))
    _todays(actors, seats, now)


def _todays(actors: dict[str, Actor], seats: dict[int, Unit], now: datetime) -> None:
    asha, farida, jagdish = actors["asha"], actors["farida"], actors["jagdish"]
    out = _item(asha, seats[179], TODAY[179], now)
    _approve(out, (farida, jagdish), now)
    _release(asha, jagdish, out, [seats[179].pk], 3, now)
    approved = _item(asha, seats[175], TODAY[175], now)
    _approve(approved, (farida, jagdish), now)
    _item(asha, seats[24], TODAY[24], now)


def _item(actor: Actor, seat: Unit, text: Name, now: datetime) -> Item:
    wording = Wording(
        kind=Item.Kind.TEXT, matter=Item.Matter.APPEAL, texts=_texts(text), sources=SOURCE, constituency_id=seat.pk,
        on_date=local_day(now), names_units=(seat.pk,),
    )  # fmt: skip
    return services.write_item(actor=actor, unit=seat, wording=wording, now=now - timedelta(hours=8))


def _approve(item: Item, approvers: tuple[Actor, ...], now: datetime) -> None:
    services.submit_item(actor=approvers[0], ref=item.ref, now=now - timedelta(hours=7))
    for hours, actor in enumerate(approvers, start=5):
        at = now - timedelta(hours=hours)
        services.approve_item(actor=actor, ref=item.ref, seen_hash=item.hash, points=READ, now=at)


def _sheet(actor: Actor, unit: Unit, title: str, slogans: tuple[Name, ...], matter: str, at: datetime) -> Sheet:
    lines = [services.Slogan(_texts(slogan)) for slogan in slogans]
    return services.make_sheet(
        actor=actor, unit=unit, title=title, slogans=lines, sources=SOURCE, matter=matter, now=at
    )


def _approve_sheet(sheet: Sheet, approvers: tuple[Actor, ...], at: datetime) -> None:
    services.submit_sheet(actor=approvers[0], ref=sheet.ref, now=at)
    for hours, actor in enumerate(approvers, start=1):
        seen = sheet_hash(list(queries.items_of_sheet(sheet)))
        then = at + timedelta(hours=hours)
        services.approve_sheet(actor=actor, ref=sheet.ref, seen_hash=seen, points=READ, now=then)


def _release(maker: Actor, approver: Actor, thing: Item | Sheet, scope: list[int], quota: int, now: datetime) -> None:
    start = now - timedelta(hours=4)
    plan = Plan(scope, "all", ("pulse", "groups"), start, start + timedelta(days=20), quota)
    fresh = type(thing).objects.get(pk=thing.pk)
    release = broadcasts.make_release(actor=maker, thing=fresh, plan=plan, now=start)
    broadcasts.approve_release(actor=approver, ref=release.ref, seen_hash=release.hash, now=start)


def _texts(name: Name) -> dict[str, str]:
    return {"hi": name.hi, "en": name.en}
