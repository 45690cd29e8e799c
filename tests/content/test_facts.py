"""Facts with their sources, cards of them for every constituency, and pages for the printer."""

import io
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from tests import cast
from tests.content.conftest import wording
from tests.content.files import jpeg

from toli.content import cards as drawing
from toli.content import facts as telling
from toli.content import printing, queries, rules, services
from toli.content.models import Card, CardRun, Fact, Item, Media, PrintRun, Sheet
from toli.content.printing import Imprint
from toli.kit import numbers
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.kit.filestore import store
from toli.tasks import services as tasks
from toli.tasks.models import Task
from toli.ui import lettering

TODAY = date(2026, 5, 1)
CELLS = {
    "place": "S20/179", "kind": "घोषणा", "title_hi": "उप स्वास्थ्य केंद्र का भवन", "title_en": "A building",
    "amount": "₹1.25 करोड़", "on_date": "12/03/2024", "source_hi": "स्वास्थ्य विभाग", "source_en": "Health Department",
    "link": "https://health.example.org/orders/12",
}  # fmt: skip
SOURCES = {"hi": "प्रकाशक: ज़िला समिति", "en": "Published by the district committee"}
needs_raqm = pytest.mark.skipif(not lettering.can_draw(), reason="Pillow without raqm: Hindi is not drawn")


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def row(**changes):
    return telling.fact_of({**CELLS, **changes}, today=TODAY)


@pytest.fixture
def fact(bilal, tree):
    return services.add_fact(actor=bilal.actor, unit=tree.sahara, row=row(), now=timezone.now())[0]


def order(member, unit, *facts, ref=None, title="स्वास्थ्य"):
    from toli.kit.ids import uuid7

    return services.order_cards(
        actor=member.actor, ref=ref or uuid7(), unit=unit, facts=facts, title=title, matter="appeal",
        texts_source=SOURCES, now=timezone.now(),
    )  # fmt: skip


def draw(seconds=60.0):
    return services.draw_cards(actor=cast.SYSTEM, seconds=seconds, now=timezone.now())


# --- amounts, days, rows ---


@pytest.mark.parametrize(
    ("said", "rupees"),
    [("₹12.5 करोड़", 125_000_000), ("12.5 crore", 125_000_000), ("Rs. 1,25,000/-", 125_000), ("१२ लाख", 1_200_000),
     ("रु. 5 हज़ार", 5_000), ("500 रुपये", 500), ("12.345 lakh", 1_234_500), ("5 हजार", 5_000)],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(said, rupees):
    assert numbers.parse_rupees(said) == rupees * 100


@pytest.mark.parametrize("said", ["", "बहुत", "-5", "0", "12 million", "1.001", "5 crore lakh", "9" * 30, "1;2"])
def test_what_is_no_amount_is_refused(said):
    with pytest.raises(BadInput):
        numbers.parse_rupees(said)


@pytest.mark.parametrize(
    ("rupees", "hindi", "english"),
    [(125_000_000, "₹12.5 करोड़", "₹12.5 crore"), (1_200_000, "₹12 लाख", "₹12 lakh"),
     (1_234_567, "₹12,34,567", "₹12,34,567"),
     (12_345_678_000, "₹12,34,56,78,000", "₹12,34,56,78,000"), (99_999, "₹99,999", "₹99,999")],
)  # fmt: skip
def test_a_card_never_rounds_an_amount(rupees, hindi, english):
    assert (numbers.rupees_said(rupees * 100, "hi"), numbers.rupees_said(rupees * 100, "en")) == (hindi, english)


@pytest.mark.parametrize(
    ("field", "value"),
    [("place", ""), ("title_hi", " "), ("title_en", "x" * 300), ("amount", "बहुत"), ("on_date", "12/13/2024"),
     ("on_date", "01/05/2027"), ("source_hi", ""), ("source_en", ""), ("link", "javascript:alert(1)"), ("link", "x y"),
     ("kind", "गीत")],
)  # fmt: skip
def test_a_fact_that_is_not_whole_is_refused_at_its_field(field, value):
    with pytest.raises(BadInput) as told:
        row(**{field: value})
    assert set(told.value.fields) == {field}


def test_a_fact_without_a_source_is_refused(bilal, tree, watch):
    seen = watch()
    with pytest.raises(BadInput) as told:
        services.add_fact(actor=bilal.actor, unit=tree.sahara, row=row(link=""), now=timezone.now())
    assert set(told.value.fields) == {"link"}
    assert Fact.objects.count() == 0
    assert seen.nothing_happened()


def test_the_same_fact_twice_is_one(bilal, tree, fact, watch):
    seen = watch()
    again, fresh = services.add_fact(actor=bilal.actor, unit=tree.sahara, row=row(), now=timezone.now())
    assert (again, fresh) == (fact, False)
    assert seen.nothing_happened()


def test_nobody_writes_facts_of_anothers_district(dev, tree, watch):
    seen = watch()
    with pytest.raises(NotFound):
        services.add_fact(actor=dev.actor, unit=tree.sahara, row=row(), now=timezone.now())
    assert seen.nothing_happened()


SHEET = """place,kind,title_hi,title_en,amount,date,source_hi,source_en,link
eci:S20/179,announcement,पानी की टंकी,A water tank,₹45 लाख,2024-03-12,जल विभाग,Water Department,https://water.example.org/1
179,काम,सड़क,A road,"1,25,00,000",१२/०३/२०२४,लोक निर्माण,Public Works,https://pwd.example.org/2
Sahara,,पुल,A bridge,,12-03-2024,लोक निर्माण,Public Works,https://pwd.example.org/3

S20/155,work,पुल,A bridge,,12-03-2024,लोक निर्माण,Public Works,https://pwd.example.org/4
Nowhere,work,पुल,A bridge,,12-03-2024,लोक निर्माण,Public Works,https://pwd.example.org/5
179,work,पुल दो,A second bridge,,12-03-2024,लोक निर्माण,Public Works,
179,work,पुल तीन,A third bridge,lots,12-03-2024,लोक निर्माण,Public Works,https://pwd.example.org/6
eci:S20/179,announcement,पानी की टंकी,A water tank,₹45 लाख,2024-03-12,जल विभाग,Water Department,https://water.example.org/1
"""


def test_a_sheet_is_brought_in_with_a_reason_for_each_row_that_is_not(bilal, tree):
    def bring():
        return services.import_facts(actor=bilal.actor, data=SHEET.encode(), now=timezone.now())

    added, known, refused = bring()
    assert (added, known, [one.line for one in refused]) == (3, 1, [6, 7, 8, 9])
    assert all(str(one.reason) for one in refused)
    assert set(Fact.objects.values_list("unit", flat=True)) == {tree.sahara.pk}
    assert bring()[:2] == (0, 4)
    with pytest.raises(BadInput) as told:
        services.import_facts(actor=bilal.actor, data=b"a,b\n1,2\n", now=timezone.now())
    assert "link" in str(told.value.fields["file"])


# --- cards ---


def told(**changes):
    base = {
        "kind": "announced", "title": {"hi": "उप स्वास्थ्य केंद्र", "en": "A sub-centre"}, "amount_paise": 12_500_000_000,
        "on_date": date(2024, 3, 12), "source_name": {"hi": "स्वास्थ्य विभाग", "en": "Health Department"},
        "source_link": "https://www.health.example.org/orders/12/", "constituency": {"hi": "सहाड़ा", "en": "Sahara"},
        "place": {"hi": "सहाड़ा", "en": "Sahara"}, "by": SOURCES,
    }  # fmt: skip
    return telling.Told(**{**base, **changes})


def test_every_figure_of_a_card_cites_its_source():
    words = telling.words_of(told(), "hi")
    assert words.amount == "₹12.5 करोड़"
    assert words.source == "स्रोत: स्वास्थ्य विभाग, 12 मार्च 2024 · health.example.org/orders/12"
    text = telling.text_of(told(), "en")
    assert text.splitlines() == [
        "Sahara", "₹12.5 crore: A sub-centre", "Source: Health Department, 12 Mar 2024",
        "https://www.health.example.org/orders/12/",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="source"):
        drawing.draw(drawing.Words("x", "x", "", "x", " ", "x"), "square")


@needs_raqm
@pytest.mark.parametrize("size", drawing.SHAPES)
@pytest.mark.parametrize("language", ["hi", "en"])
def test_the_longest_words_stay_inside_the_card(size, language):
    long = told(
        title={"hi": "द्वितीय चरण में क्षेत्रीय चिकित्सालय " * 7, "en": "W" * 240},
        constituency={"hi": "श्रीगंगानगर " * 9, "en": "Sri Ganganagar " * 9},
        source_name={"hi": "सार्वजनिक निर्माण विभाग " * 5, "en": "Public Works " * 9}, amount_paise=123_456_789_012_34,
    )  # fmt: skip
    picture = Image.open(io.BytesIO(drawing.draw(telling.words_of(long, language), size).body)).convert("L")
    shape = drawing.SHAPES[size]
    assert picture.size == (shape.width, shape.height)
    edge = shape.edge - 14
    for box in ((0, shape.head + 4, edge, shape.height), (shape.width - edge, shape.head + 4, *picture.size)):
        assert picture.crop(box).getextrema()[0] > 200, "nothing is written over the edge"
    assert picture.crop((0, shape.height - 10, shape.width, shape.height)).getextrema()[0] > 200


@needs_raqm
def test_lines_break_between_words_and_never_before_a_unit_or_a_full_stop():
    text = "सड़क पर कुल ₹12.5 करोड़ ख़र्च होंगे और 4.5 किमी बनेगी ।"
    for room in range(120, 700, 20):
        lines = lettering.lines_of(text, 40, room)
        assert " ".join(lines) == text or room < 260
        assert not any(line.startswith(("करोड़", "किमी", "।")) for line in lines if room >= 260), room
    assert "".join(lettering.lines_of("क्षत्रिय" * 20, 40, 200)) == "क्षत्रिय" * 20
    assert not any(line[0] in "्िी" for line in lettering.lines_of("क्षत्रिय" * 20, 40, 200))


@needs_raqm
def test_hindi_is_shaped(monkeypatch):
    assert lettering.length("क्षेत्र", 40) < sum(lettering.length(c, 40) for c in "क्षेत्र")
    assert lettering.length("हि", 40) != lettering.length("ह", 40)
    monkeypatch.setattr(lettering.features, "check", lambda name: False)
    with pytest.raises(lettering.CannotDraw):
        drawing.draw(telling.words_of(told(), "hi"), "square")


@needs_raqm
def test_cards_of_a_state_wide_fact_are_drawn_for_each_constituency_and_wait_for_two(asha, tree, watch):
    wide, _fresh = services.add_fact(actor=asha.actor, unit=tree.state, row=row(), now=timezone.now())
    local, _fresh = services.add_fact(actor=asha.actor, unit=tree.booth, row=row(title_hi="नल"), now=timezone.now())
    seen = watch()
    run = order(asha, tree.state, wide, local)
    assert (run.cards, Card.objects.count(), Sheet.objects.count()) == (3 * 6, 18, 6)
    assert asha.client.get(f"/desk/content/cards/{run.ref}/").status_code == 200
    assert draw() == 18
    run.refresh_from_db()
    assert (run.state, queries.progress_of(run)) == ("done", (18, 18))
    assert seen.verbs() == ["content.cards_ordered", "content.cards_drawn"]
    items = Item.objects.select_related("media")
    assert {item.constituency_id for item in items} == {tree.sahara.pk, tree.vallabhnagar.pk}
    for item in items:
        assert (item.kind, item.state, item.file_hash) == ("picture", "submitted", item.media.digest)
        assert queries.wording_of(item).hash() == item.hash
        assert store().has(services.key_of(item.file))
    assert set(Sheet.objects.values_list("state", flat=True)) == {"submitted"}
    assert queries.authors_of([item.pk for item in items])[items[0].pk] == {asha.person.pk}
    assert draw() == 0


@needs_raqm
def test_a_sheet_of_cards_is_approved_by_two_like_any_other(bilal, farah, gopal, tree, fact):
    order(bilal, tree.bhilwara, fact)
    draw()
    sheet = Sheet.objects.order_by("id").first()
    page = farah.client.get(f"/desk/content/sheets/{sheet.ref}/").text
    assert "/pictures/" in page
    for member in (farah, gopal):
        seen = rules.sheet_hash(queries.items_of_sheet(sheet))
        services.approve_sheet(actor=member.actor, ref=sheet.ref, seen_hash=seen, now=timezone.now())
    assert len(queries.cleared_items(item_ids=[], sheet_ids=[sheet.pk])) == 1


@needs_raqm
def test_an_order_sent_twice_is_one_and_what_was_ordered_is_not_drawn_again(bilal, tree, fact, watch):
    run = order(bilal, tree.bhilwara, fact)
    seen = watch()
    assert order(bilal, tree.bhilwara, fact, ref=run.ref) == run
    with pytest.raises(BadInput):
        order(bilal, tree.bhilwara, fact)
    assert seen.nothing_happened()
    assert Card.objects.count() == 6


@needs_raqm
def test_a_worker_that_dies_midway_leaves_nothing_by_half_and_the_next_goes_on(bilal, tree, monkeypatch):
    for number in range(4):
        services.add_fact(actor=bilal.actor, unit=tree.sahara, row=row(title_hi=f"नल {number}"), now=timezone.now())
    order(bilal, tree.bhilwara, *Fact.objects.all())
    true, left = drawing.draw, [13]

    def dies(words, size):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return true(words, size)

    monkeypatch.setattr(drawing, "draw", dies)
    with pytest.raises(KeyboardInterrupt):
        draw()
    assert (Item.objects.count(), Media.objects.count(), Card.objects.filter(item=None).count()) == (10, 10, 14)
    monkeypatch.undo()
    assert draw() == 14
    assert (Item.objects.count(), Card.objects.filter(item=None).count()) == (24, 0)
    assert len(set(Item.objects.values_list("sheet", "place"))) == 24


@needs_raqm
def test_an_order_can_be_stopped_and_a_fact_taken_back_takes_its_cards_along(bilal, dev, tree, fact, watch):
    run = order(bilal, tree.bhilwara, fact)
    draw(seconds=0)
    with pytest.raises(NotFound):
        services.cancel_run(actor=dev.actor, ref=run.ref, now=timezone.now())
    assert CardRun.objects.get().state == "drawing"
    services.cancel_run(actor=bilal.actor, ref=run.ref, now=timezone.now())
    assert (Card.objects.count(), draw()) == (0, 0)
    order(bilal, tree.bhilwara, fact)
    draw()
    seen = watch()
    with pytest.raises(BadInput):
        services.withdraw_fact(actor=bilal.actor, ref=fact.ref, reason="", now=timezone.now())
    services.withdraw_fact(actor=bilal.actor, ref=fact.ref, reason="राशि ग़लत थी", now=timezone.now())
    assert set(Item.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert seen.verbs() == ["content.fact_withdrawn"]
    with pytest.raises(BadInput):
        order(bilal, tree.bhilwara, fact)


# --- pages for the printer ---

IMPRINT = Imprint("श्री प्रेस", "स्टेशन रोड, भीलवाड़ा", "ज़िला समिति", "गांधी चौक, भीलवाड़ा", 5000)


@pytest.fixture
def picture(bilal, farah, gopal, tree):
    media, _fresh = services.add_media(
        actor=bilal.actor, unit=tree.bhilwara, upload=io.BytesIO(jpeg()), made=None, now=timezone.now(),
        rights=services.Rights("चौक", "समिति", "own"),
    )  # fmt: skip
    said = wording(kind="picture", file_hash=media.digest)
    return services.write_item(actor=bilal.actor, unit=tree.bhilwara, wording=said, media=media, now=timezone.now())


def approve(item, bilal, *members):
    services.submit_item(actor=bilal.actor, ref=item.ref, now=timezone.now())
    for one in members:
        services.approve_item(actor=one.actor, ref=item.ref, seen_hash=item.hash, now=timezone.now())


def test_a_page_for_the_printer_bears_its_imprint_and_brings_the_declaration(bilal, farah, gopal, tree, picture, watch):
    with pytest.raises(WrongState):
        services.export_print(actor=bilal.actor, ref=picture.ref, imprint=IMPRINT, now=timezone.now())
    approve(picture, bilal, farah, gopal)
    seen, now = watch(), timezone.now()
    for empty in ("printer", "printer_address", "publisher", "publisher_address"):
        with pytest.raises(BadInput) as refused:
            services.export_print(
                actor=bilal.actor, ref=picture.ref, now=now, imprint=Imprint(**{**vars_of(IMPRINT), empty: " "})
            )
        assert set(refused.value.fields) == {empty}
    assert seen.nothing_happened()
    run = services.export_print(actor=bilal.actor, ref=picture.ref, imprint=IMPRINT, now=now)
    assert seen.verbs() == ["content.print_exported"]
    with store().open(services.key_of(f"{run.digest}.pdf")) as file:
        assert file.read().startswith(b"%PDF-")
    for _twice in range(2):
        tasks.give_declarations(actor=cast.SYSTEM, refs=[run.ref], now=now)
    task = Task.objects.get()
    assert (task.unit, task.due_at, task.kind) == (tree.bhilwara, now + timedelta(days=3), "internal")
    assert "श्री प्रेस" in task.instructions["hi"]
    assert "5,000" in task.instructions["en"]


def vars_of(imprint):
    return {name: getattr(imprint, name) for name in imprint.__slots__}


def test_the_imprint_is_readable_on_the_page():
    lines = printing.lines_of(IMPRINT)
    for word in ("श्री प्रेस", "स्टेशन रोड, भीलवाड़ा", "ज़िला समिति", "गांधी चौक, भीलवाड़ा", "5,000"):
        assert any(word in line for line in lines), word
    body = printing.page(jpeg(size=(600, 1200)), (600, 1200), IMPRINT, title="x", made_at=timezone.now())
    assert body.count(b"/Type /Page\n") == 1
    if folder := os.environ.get("SHOTS"):
        Path(folder, "print.pdf").write_bytes(body)


def test_nobody_prints_anothers_picture(bilal, dev, farah, gopal, picture, watch):
    approve(picture, bilal, farah, gopal)
    seen = watch()
    with pytest.raises(NotFound):
        services.export_print(actor=dev.actor, ref=picture.ref, imprint=IMPRINT, now=timezone.now())
    assert PrintRun.objects.count() == 0
    assert seen.nothing_happened()
