from typing import Any

from django.db import migrations

RIGHT = "broadcasts.groups"
ROLES = [
    "state_coordinator", "state_member", "district_coordinator", "district_member", "constituency_lead",
    "block_coordinator",
]  # fmt: skip


def give_right(apps: Any, schema_editor: Any) -> None:
    """To roles that were made before this right existed."""
    for role in apps.get_model("org", "Role").objects.filter(key__in=ROLES):
        if RIGHT not in role.rights:
            role.rights = [*role.rights, RIGHT]
            role.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0010_ledger_right"),
    ]

    operations = [
        migrations.RunPython(give_right, migrations.RunPython.noop, elidable=True),
    ]
