import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import toli.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0004_snapshot_slots"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reorganisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                ("title", models.TextField()),
                ("on", models.DateField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("draft", "To be looked at"),
                            ("planned", "Planned"),
                            ("applied", "Done"),
                            ("undone", "Undone"),
                            ("cancelled", "Called off"),
                            ("failed", "Could not be done"),
                        ],
                        default="draft",
                    ),
                ),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("failure", models.TextField(blank=True)),
                ("undo", models.JSONField(default=dict)),
                (
                    "top",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField(choices=[("create", "New unit"), ("move", "Move"), ("merge", "Merge")])),
                ("to_new", models.TextField(blank=True)),
                ("code", models.TextField(blank=True)),
                ("names", models.JSONField(default=dict)),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                (
                    "level",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.level"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
                (
                    "reorganisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="org.reorganisation"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="reorganisation",
            index=models.Index(condition=models.Q(("state", "planned")), fields=["on"], name="org_reorganisation_due"),
        ),
        migrations.AddIndex(
            model_name="reorganisation",
            index=models.Index(fields=["top", "-id"], name="org_reorganisation_top"),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.UniqueConstraint(fields=("reorganisation", "unit"), name="org_one_change_of_a_unit"),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "create"), ("unit__isnull", False), _connector="OR"),
                name="org_change_of_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(("to", None), ("to_new", ""), _connector="XOR"), name="org_change_goes_somewhere"
            ),
        ),
    ]
