import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import toli.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0002_duty"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("import_id", models.BigIntegerField(db_index=True)),
                ("unit_id", models.BigIntegerField()),
                (
                    "what",
                    models.TextField(
                        choices=[
                            ("code_added", "code_added"),
                            ("code_closed", "code_closed"),
                            ("link_added", "link_added"),
                            ("code_dated", "code_dated"),
                        ]
                    ),
                ),
                ("row_id", models.BigIntegerField()),
                ("before", models.JSONField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                (
                    "kind",
                    models.TextField(
                        choices=[("units", "Units"), ("stations", "A new station list against the old one")],
                        default="units",
                    ),
                ),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("new", "Columns to be chosen"),
                            ("checking", "Being checked"),
                            ("checked", "Checked, nothing written yet"),
                            ("loading", "Being loaded"),
                            ("loaded", "Loaded"),
                            ("pairing", "Pairs to be confirmed"),
                            ("failed", "Stopped with a fault"),
                            ("cancelled", "Cancelled"),
                            ("undone", "Undone"),
                        ],
                        default="new",
                    ),
                ),
                ("layout", models.TextField()),
                ("state_code", models.TextField(blank=True)),
                ("source", models.TextField()),
                ("digest", models.TextField()),
                ("list_date", models.DateField(null=True)),
                ("options", models.JSONField(default=dict)),
                ("on_desk", models.BooleanField(default=False)),
                ("by_id", models.BigIntegerField(null=True)),
                ("stored", models.TextField(blank=True)),
                ("erase_on", models.DateField(null=True)),
                ("encoding", models.TextField(blank=True)),
                ("lines", models.IntegerField(default=0)),
                ("added", models.IntegerField(default=0)),
                ("changed", models.IntegerField(default=0)),
                ("same", models.IntegerField(default=0)),
                ("refused", models.IntegerField(default=0)),
                ("seats", models.IntegerField(default=0)),
                (
                    "unread",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("by_level", models.JSONField(default=dict)),
                ("step", models.TextField(blank=True)),
                ("done", models.IntegerField(default=0)),
                ("total", models.IntegerField(default=0)),
                ("parts", models.IntegerField(default=0)),
                ("stop_asked", models.BooleanField(default=False)),
                ("why", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("on_desk", True)), fields=["state"], name="org_import_open")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedUnit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("import_id", models.BigIntegerField()),
                ("unit_id", models.BigIntegerField(db_index=True)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("import_id", "unit_id"), name="org_imported_once")],
            },
        ),
        migrations.CreateModel(
            name="StationPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.IntegerField(null=True)),
                ("station", models.JSONField(null=True)),
                ("confidence", models.SmallIntegerField(default=0)),
                ("signs", models.JSONField(default=dict)),
                (
                    "decision",
                    models.TextField(
                        choices=[
                            ("open", "To be decided"),
                            ("same", "The same station"),
                            ("new", "A new station"),
                            ("gone", "Closed"),
                            ("kept", "Left as it is"),
                        ],
                        default="open",
                    ),
                ),
                ("decided_by_id", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "constituency",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
                ),
                (
                    "imported",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pairs", to="org.import"
                    ),
                ),
                (
                    "rehome",
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
            ],
        ),
        migrations.AddIndex(
            model_name="stationpair",
            index=models.Index(fields=["imported", "decision", "confidence"], name="org_pair_list"),
        ),
        migrations.AddConstraint(
            model_name="stationpair",
            constraint=models.UniqueConstraint(
                condition=models.Q(("unit", None), _negated=True),
                fields=("imported", "unit"),
                name="org_pair_old_station_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="stationpair",
            constraint=models.UniqueConstraint(
                condition=models.Q(("line", None), _negated=True),
                fields=("imported", "line"),
                name="org_pair_new_station_once",
            ),
        ),
    ]
