import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import toli.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0006_help"),
        ("people", "0002_duplicates_and_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                ("rights", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("given_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="delegations", to="org.appointment"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="delegations", to="people.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["person"], name="org_delegation_person"
                    ),
                    models.Index(fields=["appointment"], name="org_delegation_giver"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="org_delegation_runs_forward"
                    )
                ],
            },
        ),
    ]
