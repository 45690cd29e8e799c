"""The ledger of spending: rows are added and reversed, never changed; the statement has its totals."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.content.files import jpeg
from tests.content.test_facts import files  # noqa: F401 - a store of its own

from toli.content import queries, services
from toli.content.ledger import Payment
from toli.content.models import Media, Spend
from toli.content.queries.spending import Wanted
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NeedsSecondFactor, NotAllowed, NotFound, WrongState
from toli.kit.ids import uuid7

TODAY = local_day(timezone.now())


def payment(amount="₹12,500", **more):
    given = {
        "account": "candidate", "head": "making", "on_date": TODAY, "payee": "एक स्टूडियो", "purpose": "कड़ी 3 का वीडियो",
    }  # fmt: skip
    return Payment(amount=amount, **{**given, **more})


def enter(member, unit, said=None, ref=None, actor=None):
    return services.enter_spend(
        actor=actor or member.actor, ref=ref or uuid7(), unit=unit, payment=said or payment(), now=timezone.now()
    )


def total(member):
    return sum(row["paise"] for row in queries.totals(queries.spends(member.actor, Wanted())))


def test_a_wrong_amount_is_reversed_and_entered_anew_and_all_three_rows_stay(bilal, asha, dev, tree, watch):
    ref = uuid7()
    wrong = enter(bilal, tree.sahara, payment("₹1.25 लाख"), ref)
    assert enter(bilal, tree.sahara, payment("₹1.25 लाख"), ref) == wrong
    assert (wrong.amount_paise, wrong.amount_said) == (12_500_000, "₹1.25 लाख")
    reversal, right = services.correct_spend(
        actor=bilal.actor, ref=wrong.ref, reason="एक शून्य ज़्यादा था", instead=payment("₹12,500"), new_ref=uuid7(),
        now=timezone.now(),
    )  # fmt: skip
    assert (reversal.amount_paise, right.amount_paise, reversal.reverses) == (-12_500_000, 1_250_000, wrong)
    assert total(bilal) == total(asha) == 1_250_000
    assert total(dev) == 0
    seen = watch()
    for row in (wrong, reversal):
        with pytest.raises(WrongState):
            services.correct_spend(actor=bilal.actor, ref=row.ref, reason="फिर से ग़लत", now=timezone.now())
    for act in ("update(amount_paise=1)", "delete()"):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            _try(act)
    assert seen.nothing_happened()
    assert Spend.objects.count() == 3


def _try(act):
    with connection.cursor() as cursor:
        if act == "delete()":
            cursor.execute("DELETE FROM content_spend")
        else:
            cursor.execute("UPDATE content_spend SET amount_paise = 1")


def test_whoever_lacks_the_right_or_the_place_enters_nothing(bilal, dev, meera, chitra, tree, watch):
    mine, seen = enter(bilal, tree.sahara), watch()
    with pytest.raises(NotFound):
        enter(dev, tree.sahara)
    for member in (meera, chitra):
        with pytest.raises((NotAllowed, NotFound)):
            enter(member, tree.booth)
    with pytest.raises(NeedsSecondFactor):
        enter(bilal, tree.sahara, actor=bilal.acting(second_factor=False))
    with pytest.raises(NotFound):
        services.correct_spend(actor=dev.actor, ref=mine.ref, reason="ग़लत राशि", now=timezone.now())
    for wrong in (
        payment("बहुत"), payment("-5"), payment(payee=" "), payment(head="gold"),
        payment(on_date=TODAY + timedelta(days=1)),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            enter(bilal, tree.sahara, wrong)
    with pytest.raises(BadInput) as refused:
        enter(bilal, tree.bhilwara)  # a candidate stands in a constituency
    assert list(refused.value.fields) == ["account"]
    with pytest.raises(BadInput):
        services.correct_spend(actor=bilal.actor, ref=mine.ref, reason="", now=timezone.now())
    assert seen.nothing_happened()
    assert Spend.objects.count() == 1


def test_the_statement_has_a_total_for_each_head_and_place_and_runs_no_formula(bilal, dev, tree, watch):
    enter(bilal, tree.sahara, payment("100"))
    enter(bilal, tree.sahara, payment("50.50", payee="=1+1"))
    enter(bilal, tree.sahara, payment("200", head="printing"))
    enter(bilal, tree.bhilwara, payment("1000", account="party"))
    enter(dev, tree.vallabhnagar, payment("7"))
    address, sent = "/desk/content/spending/export/", {"reason": "उम्मीदवार का हिसाब", "as": "csv"}
    text = b"".join(bilal.client.post(address, sent).streaming_content).decode("utf-8-sig")
    totals = [line.split(",")[:5] for line in text.splitlines() if ",Total," in line]
    assert totals == [
        ["Sahara", "The candidate's account", "Making of content", "Total", "150.5"],
        ["Sahara", "The candidate's account", "Printing", "Total", "200"],
        ["Sahara", "The candidate's account", "", "Total", "350.5"],
        ["", "The candidate's account", "", "Total", "350.5"],
        ["Bhilwara", "The party's account", "Making of content", "Total", "1000"],
        ["Bhilwara", "The party's account", "", "Total", "1000"],
        ["", "The party's account", "", "Total", "1000"],
        ["", "", "", "Total", "1350.5"],
    ]
    assert "Vallabhnagar" not in text
    assert "'=1+1" in text
    answer = bilal.client.post(address, {**sent, "as": "xlsx", "unit": str(tree.sahara.ref)})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[-1][4] == 350.5
    assert all(cell.data_type != "f" for row in
               openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows() for cell in row)  # fmt: skip
    seen = watch()
    assert bilal.client.post(address, {"reason": ""}).status_code == 422
    assert seen.nothing_happened()


def test_a_page_keeps_the_bill_in_the_store_and_shows_what_was_wrong(bilal, tree):
    sent = {
        "ref": str(uuid7()), "unit": str(tree.sahara.ref), "account": "candidate", "head": "printing",
        "on_date": TODAY.isoformat(), "amount": "बहुत", "payee": "प्रेस", "purpose": "पर्चे",
    }  # fmt: skip
    refused = bilal.client.post("/desk/content/spending/new/", sent)
    assert refused.status_code == 422
    assert "पर्चे" in refused.content.decode()
    paper = SimpleUploadedFile("bill.jpg", jpeg(), content_type="image/jpeg")
    assert bilal.client.post("/desk/content/spending/new/", {**sent, "paper": paper}).status_code == 422
    assert not Media.objects.exists()
    paper.seek(0)
    made = bilal.client.post("/desk/content/spending/new/", {**sent, "amount": "₹900", "paper": paper})
    assert made.status_code == 302
    assert Media.objects.count() == 1
    spend = Spend.objects.get()
    assert (spend.amount_paise, spend.paper.kind) == (90_000, "image")
    assert list(queries.media(bilal.actor)) == []  # bills are found in the ledger, not among the library's files
    page = bilal.client.get(made.url).content.decode()
    assert spend.paper.title in page
    assert "₹900" in bilal.client.get("/desk/content/spending/").content.decode()
