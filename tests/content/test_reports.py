"""What other rooms do with the item of a daily line is a step of it: posts to accounts, receipts of phones."""

from django.utils import timezone
from tests.broadcasts.test_reach import told
from tests.content.conftest import wording
from tests.content.test_daily import TODAY, choose
from tests.content.test_facts import files, row  # noqa: F401 - a store of its own
from tests.delivery.conftest import noon  # noqa: F401
from tests.delivery.test_posting import demo_site, desk, outside  # noqa: F401

from toli.audit.models import Record
from toli.broadcasts import services as broadcasts
from toli.content import jobs, services
from toli.content.models import LineStep
from toli.delivery import services as delivery
from toli.elections.gate import Subject
from toli.flows import FLOWS


def test_a_post_and_a_receipt_are_steps_of_the_line_whose_item_they_carry(bilal, tree, desk):  # noqa: F811
    fact, _fresh = services.add_fact(actor=bilal.actor, unit=tree.sahara, row=row(), now=timezone.now())
    line = choose(bilal, tree.sahara, fact)
    said = wording("आज", kind="text", constituency_id=tree.sahara.pk, on_date=TODAY)
    line.item = services.write_item(actor=bilal.actor, unit=tree.sahara, wording=said, now=timezone.now())
    line.carded_at = timezone.now()
    line.save()
    account = desk.account("x")
    desk.post(account, "और बात", key="other", subject=Subject("civic", "another hash"))
    delivery.send_posts(now=desk.now)
    records = list(Record.objects.filter(verb="delivery.posted").values_list("pk", flat=True))
    assert (len(records), jobs.note_posts(record_ids=records)) == (1, 0)
    desk.post(account, "आज", key="line", subject=Subject("civic", line.item.hash))
    delivery.send_posts(now=desk.now)
    records = list(Record.objects.filter(verb="delivery.posted").values_list("pk", flat=True))
    assert jobs.note_posts in FLOWS["delivery.posted"]
    assert [jobs.note_posts(record_ids=records) for _again in range(2)] == [1, 0]
    told(line.item.ref, tree.booth)
    broadcasts.count_receipts()
    assert sorted(LineStep.objects.values_list("step", flat=True)) == ["accounts", "receipts"]
