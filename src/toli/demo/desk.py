"""The content desk at work: a campaign with a running series, a queue of several ages, daily lines, templates, bills."""

from datetime import datetime, timedelta

from toli.broadcasts import services as broadcasts
from toli.broadcasts.audience import Plan as ReleasePlan
from toli.content import services
from toli.content.facts import FactRow
from toli.content.ledger import Payment
from toli.content.models import Fact, Item, Series, Spend
from toli.content.wording import Wording
from toli.demo.names import Name
from toli.demo.words import READ, SOURCE
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.ids import uuid7
from toli.kit.numbers import parse_rupees
from toli.org.models import Unit
from toli.ui import lettering

CAMPAIGN = Name("पंद्रह दिन, पंद्रह बातें", "Fifteen days, fifteen matters")
SERIES = Name("पाँच मिनट गाँव के", "Five minutes of the village")
EPISODES = (
    Name("सड़क: कब बनी, कहाँ अटकी", "The road: when it came, where it stopped"),
    Name("स्कूल का कमरा और छत", "The school's room and its roof"),
    Name("हैंडपंप से नल तक", "From the hand pump to the tap"),
    Name("फ़सल, मंडी और दाम", "The crop, the market and its price"),
    Name("बिजली के खंभे गिनते हैं", "We count the poles of the power line"),
    Name("अस्पताल की दूरी", "How far the clinic is"),
)
"""From three days ago on; the second day of the series has none, and what is not named here is still to be planned."""
HAS_NONE = -2
WAITING = (
    (Name("पंचायत भवन में कल शाम 5 बजे चौपाल।", "A village talk at the panchayat hall at 5 tomorrow."), timedelta(hours=26)),
    (Name("राशन की दुकान समय पर खुले।", "The ration shop should open on time."), timedelta(minutes=40)),
)  # fmt: skip
FACTS = {
    179: (Name("सहाड़ा में उप ज़िला अस्पताल का नया भवन", "A new building of the sub-district hospital in Sahara"), "₹12.5 करोड़"),
    175: (Name("राजसमंद झील से 14 गाँवों की पेयजल योजना", "Drinking water for 14 villages from Rajsamand lake"), "₹38 करोड़"),
    24: (Name("सुजानगढ़ में कन्या महाविद्यालय", "A girls' college in Sujangarh"), "₹4.5 करोड़"),
    155: (Name("वल्लभनगर बाँध की नहर की मरम्मत", "Repair of the canal of the Vallabhnagar dam"), "₹2.25 करोड़"),
}  # fmt: skip
BILLS = (
    (179, "candidate", "making", "₹18,000", "एक नमूना स्टूडियो", "तीन कड़ियों का वीडियो"),
    (179, "candidate", "printing", "₹6,400", "नमूना प्रिंटिंग प्रेस", "2,000 पर्चे"),
    (175, "candidate", "platform", "₹25,000", "एक वीडियो प्लेटफ़ॉर्म", "सात दिन का विज्ञापन"),
    (24, "candidate", "team", "₹30,000", "खाते चलाने वाली टीम", "अप्रैल का मेहनताना"),
    (None, "party", "making", "₹1.2 लाख", "एक नमूना स्टूडियो", "पंद्रह कड़ियों का संपादन"),
)
WRONG = (175, "candidate", "printing", "₹64,000", "नमूना प्रिंटिंग प्रेस", "1,000 पोस्टर")
TEMPLATES = (
    Name("{विधानसभा} की बात: {तथ्य}, {राशि}।\n{स्रोत}", "Of {constituency}: {fact}, {amount}.\n{source}"),
    Name("{विधानसभा}, {ज़िला}: आज अपने बूथ पर मिलें।", "{constituency}, {district}: meet at your booth today."),
)


def work_desk(*, actors: dict[str, Actor], state: Unit, seats: dict[int, Unit], now: datetime) -> None:
    """Everything of this page. About a hundred acts through the services."""
    asha, farida, jagdish = actors["asha"], actors["farida"], actors["jagdish"]
    _fill(_series(asha, state, seats, now), asha, (farida, jagdish), state, seats, now)
    for words, age in WAITING:
        _sent(asha, state, _text(words), now - age)
    held = _sent(
        asha, state, _text(Name("कल की रैली का समय बदल सकता है।", "Tomorrow's rally may begin at another hour.")), now
    )
    services.hold_item(actor=farida, ref=held.ref, reason="समय ज़िला टीम से पूछना है", now=now)
    approved, _draft = (
        _written(asha, state, _text(words, kind=Item.Kind.TEMPLATE), now - timedelta(days=2)) for words in TEMPLATES
    )
    _cleared(approved, asha, (farida, jagdish), now - timedelta(days=1))
    _lines(actors, state, seats, now)
    _bills(asha, state, seats, now)


def _text(words: Name, **more: object) -> Wording:
    given = {"kind": Item.Kind.TEXT, "matter": Item.Matter.APPEAL, **more}
    return Wording(texts=_both(words), sources=SOURCE, **given)  # type: ignore[arg-type]


def _both(words: Name) -> dict[str, str]:
    return {"hi": words.hi, "en": words.en}


def _written(actor: Actor, unit: Unit, wording: Wording, at: datetime) -> Item:
    return services.write_item(actor=actor, unit=unit, wording=wording, now=at)


def _sent(actor: Actor, unit: Unit, wording: Wording, at: datetime) -> Item:
    return services.submit_item(actor=actor, ref=_written(actor, unit, wording, at).ref, now=at)


def _cleared(item: Item, writer: Actor, approvers: tuple[Actor, ...], at: datetime) -> None:
    if item.state == Item.State.DRAFT:
        services.submit_item(actor=writer, ref=item.ref, now=at)
    for actor in approvers:
        services.approve_item(actor=actor, ref=item.ref, seen_hash=item.hash, points=READ, now=at)


def _series(asha: Actor, state: Unit, seats: dict[int, Unit], now: datetime) -> Series:
    start = local_day(now) - timedelta(days=3)
    until = start + timedelta(days=14)
    campaign = services.open_campaign(
        actor=asha, unit=state, title=_both(CAMPAIGN), starts_on=start, ends_on=until, now=now - timedelta(days=4)
    )
    plan = services.Plan(
        _both(SERIES), Item.Kind.TEXT, start, until, range(7), ["hi", "en"], [seats[179].pk, seats[175].pk]
    )
    return services.open_series(actor=asha, campaign_ref=campaign.ref, plan=plan, now=now - timedelta(days=4))


def _fill(
    series: Series, asha: Actor, approvers: tuple[Actor, ...], state: Unit, seats: dict[int, Unit], now: datetime
) -> None:
    """The first day approved, yesterday and today waiting, today in one language; one seat has its variant."""
    days = [day for day in range(-3, 4) if day != HAS_NONE]
    for day, words in zip(days, EPISODES, strict=True):
        on, at = local_day(now) + timedelta(days=day), now - timedelta(hours=20 - 3 * day)
        episode = services.plan_episode(actor=asha, series_ref=series.ref, on_date=on, title=_both(words), now=at)
        if day > 1:
            continue
        common = _written(asha, state, _text(words), at)
        language = "hi" if day == 0 else ""
        services.fill_episode(
            actor=asha, ref=episode.ref, item_ref=common.ref, language=language, constituency=None, now=at
        )
        if day == -3:
            _cleared(common, asha, approvers, at)
        elif day <= 0:
            services.submit_item(actor=asha, ref=common.ref, now=at)
        if day == 0:
            own = _written(asha, seats[179], _text(words, constituency_id=seats[179].pk), at)
            services.fill_episode(
                actor=asha, ref=episode.ref, item_ref=own.ref, language="", constituency=seats[179], now=at
            )


def _lines(actors: dict[str, Actor], state: Unit, seats: dict[int, Unit], now: datetime) -> None:
    """One line all the way out, one waiting for its approvals, one with its fact only, and one late."""
    asha, farida, jagdish = actors["asha"], actors["farida"], actors["jagdish"]
    day = local_day(now)
    facts = {number: _fact(asha, seats[number], number, now) for number in FACTS if number in seats}
    for number in (179, 175, 24):
        services.choose_fact(actor=asha, unit_ref=seats[number].ref, fact_ref=facts[number].ref, day=day, now=now)
    if not lettering.can_draw():
        return
    out, _waiting = (
        services.make_line_card(actor=asha, unit_ref=seats[number].ref, day=day, now=now).item for number in (179, 175)
    )
    assert out is not None
    _cleared(out, asha, (farida, jagdish), now)
    plan = ReleasePlan([seats[179].pk], "all", ("pulse", "groups"), now, now + timedelta(days=1), 3)
    release = broadcasts.make_release(actor=asha, thing=Item.objects.get(pk=out.pk), plan=plan, now=now)
    broadcasts.approve_release(actor=jagdish, ref=release.ref, seen_hash=release.hash, now=now)


def _fact(asha: Actor, seat: Unit, number: int, now: datetime) -> Fact:
    title, amount = FACTS[number]
    row = FactRow(
        place="", kind="announced", title=_both(title), amount_said=amount, amount_paise=parse_rupees(amount),
        on_date=local_day(now) - timedelta(days=200 + number), source_link=f"https://records.example.org/{number}",
        source_name={"hi": "विभाग का आदेश", "en": "The department's order"},
    )  # fmt: skip
    return services.add_fact(actor=asha, unit=seat, row=row, now=now - timedelta(days=3))[0]


def _bills(asha: Actor, state: Unit, seats: dict[int, Unit], now: datetime) -> None:
    day = local_day(now) - timedelta(days=2)

    def enter(number: int | None, account: str, head: str, amount: str, payee: str, purpose: str) -> Spend:
        payment = Payment(account, head, day, amount, payee, purpose)
        unit = seats[number] if number else state
        return services.enter_spend(actor=asha, ref=uuid7(), unit=unit, payment=payment, now=now)

    for bill in BILLS:
        enter(*bill)
    wrong = enter(*WRONG)
    right = Payment(*WRONG[1:3], day, "₹6,400", *WRONG[4:])
    services.correct_spend(
        actor=asha, ref=wrong.ref, reason="एक शून्य ज़्यादा लिखा गया", instead=right, new_ref=uuid7(), now=now
    )
