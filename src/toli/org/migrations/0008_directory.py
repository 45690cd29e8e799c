import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import toli.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0007_delegations"),
        ("people", "0002_duplicates_and_proof"),
    ]

    operations = [
        migrations.AddField("norm", "ref", models.UUIDField(null=True)),
        migrations.RunSQL("UPDATE org_norm SET ref = gen_random_uuid()", migrations.RunSQL.noop),
        migrations.AlterField("norm", "ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("bearer", "Office-bearer"),
                            ("legislator", "Legislator"),
                            ("minister", "Minister"),
                            ("local", "Local body"),
                            ("other", "Other office"),
                        ]
                    ),
                ),
                ("names", models.JSONField()),
                ("office", models.JSONField()),
                (
                    "tokens",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("source", models.TextField()),
                ("key", models.TextField(unique=True)),
                ("listed_at", models.DateTimeField()),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="org.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Handle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                (
                    "platform",
                    models.TextField(
                        choices=[
                            ("facebook", "Facebook"),
                            ("instagram", "Instagram"),
                            ("x", "X"),
                            ("youtube", "YouTube"),
                            ("whatsapp", "WhatsApp"),
                            ("telegram", "Telegram"),
                            ("website", "Website"),
                        ]
                    ),
                ),
                ("handle", models.TextField()),
                ("url", models.URLField(max_length=300)),
                ("automation", models.TextField(blank=True)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("declared", "Waits for a second person"),
                            ("verified", "Confirmed"),
                            ("ended", "No longer ours"),
                        ],
                        default="declared",
                    ),
                ),
                ("declared_by_id", models.BigIntegerField(null=True)),
                ("declared_at", models.DateTimeField()),
                ("confirmed_by_id", models.BigIntegerField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handles", to="org.unit"
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="handles", to="org.term"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WorkWish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wished_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="work_wishes", to="people.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HandleOperator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(null=True)),
                (
                    "handle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="operators", to="org.handle"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="operated_handles", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)), fields=("handle", "person"), name="org_operator_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="term",
            index=django.contrib.postgres.indexes.GinIndex(fields=["tokens"], name="org_term_tokens"),
        ),
        migrations.AddIndex(
            model_name="term",
            index=models.Index(fields=["kind", "-valid_from"], name="org_term_kind"),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"),
                name="org_public_term_runs_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="org_public_term_has_a_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="handle",
            constraint=models.UniqueConstraint(
                models.F("platform"),
                django.db.models.functions.text.Lower("handle"),
                condition=models.Q(("state", "ended"), _negated=True),
                name="org_handle_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="handle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by_id", None),
                    models.Q(("confirmed_by_id", models.F("declared_by_id")), _negated=True),
                    _connector="OR",
                ),
                name="org_handle_confirmed_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="workwish",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["unit"], name="org_wish_unit"),
        ),
        migrations.AddConstraint(
            model_name="workwish",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("person", "unit"), name="org_one_wish_of_a_place"
            ),
        ),
    ]
