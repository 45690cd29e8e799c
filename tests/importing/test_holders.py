"""The sheet of office-bearers names seats; nothing more happens before the person comes."""

import pytest
from django.utils import timezone
from tests.cast import plant_tree

from toli.accounts.services import create_deployment
from toli.audit.models import Record
from toli.kit.actor import SystemActor
from toli.kit.errors import BadInput
from toli.org import services
from toli.org.importing.holders import name_holders, parse_holders
from toli.org.importing.reading import sheet_of
from toli.org.models import Appointment, NamedHolder, Role, TeamKind
from toli.org.services.counts import drift
from toli.people.models import Invitee

pytestmark = pytest.mark.django_db
SYSTEM = SystemActor()
SHEET = """पदाधिकारियों की सूची,,,,
क्र,नाम,मोबाइल नं,पद,क्षेत्र
1,2,3,4,5
1,रमेश जाट,+91 1000000501,ज़िला संयोजक,भीलवाड़ा
2,Sita Devi,10000 00502,District team member,Bhilwara
3,गलत नंबर,12345,ज़िला संयोजक,उदयपुर
4,कोई नहीं,1000000503,ज़िला संयोजक,कहीं नहीं
5,दूसरा,1000000504,ज़िला संयोजक,भीलवाड़ा
"""


@pytest.fixture
def tree():
    create_deployment(is_demo=True, now=timezone.now())
    planted = plant_tree()
    kind = TeamKind.objects.get(key="district_team")
    for role, count in (("district_coordinator", 1), ("district_member", 4)):
        services.set_norm(
            actor=SYSTEM, team_kind=kind, role=Role.objects.get(key=role), count=count, scope=planted.state,
            now=timezone.now(),
        )  # fmt: skip
    return planted


def name(text: str, **options):
    parsed = parse_holders(sheet_of(text.encode()))
    return parsed, name_holders(actor=SYSTEM, rows=parsed.rows, source="sheet.csv", **options)


def test_a_sheet_names_seats_and_gives_a_reason_for_every_other_row(tree):
    parsed, outcome = name(SHEET)
    assert outcome.named == 2
    assert [(r.line, r.code) for r in parsed.refused] == [(6, "bad_phone")]
    assert [(r.line, r.code) for r in outcome.refused] == [(7, "unknown_unit"), (8, "no_free_seat")]
    assert parsed.unread_columns == ["क्र"]
    assert set(NamedHolder.objects.values_list("state", flat=True)) == {"named"}
    assert not Appointment.objects.exists()
    while services.fold_counts():
        pass
    assert drift(now=timezone.now()) == []


def test_names_and_numbers_lie_in_people_only_and_are_erased_after_thirty_days(tree):
    name(SHEET)
    invitee = Invitee.objects.get(last_digits="501")
    assert b"501" not in bytes(invitee.cipher)
    assert (invitee.erase_on - invitee.imported_at.date()).days in (30, 31)
    record = Record.objects.get(verb="org.holders_named")
    assert "रमेश" not in str(record.data)


def test_the_same_sheet_again_names_nobody_twice(tree):
    name(SHEET)
    _parsed, again = name(SHEET)
    assert (again.named, again.same) == (0, 2)
    assert NamedHolder.objects.count() == 2
    assert Record.objects.filter(verb="org.holders_named").count() == 1


def test_a_dry_run_names_nobody(tree):
    _parsed, outcome = name(SHEET, dry_run=True)
    assert outcome.named == 2
    assert not Invitee.objects.exists()


@pytest.mark.parametrize("column", ["जाति", "Aadhaar No", "religion", "बैंक खाता"])
def test_a_sheet_with_a_forbidden_column_is_refused_by_the_columns_name(tree, column):
    with pytest.raises(BadInput, match=column):
        name(f"नाम,मोबाइल,पद,क्षेत्र,{column}\nरमेश,1000000501,ज़िला संयोजक,भीलवाड़ा,x\n")
    assert not Invitee.objects.exists()
