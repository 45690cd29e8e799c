import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import toli.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0008_directory"),
        ("people", "0002_duplicates_and_proof"),
        ("recruitment", "0002_drives_and_placement"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                ("level", models.TextField()),
                ("half_width", models.FloatField()),
                ("seed", models.TextField()),
                ("from_at", models.DateTimeField(null=True)),
                ("upto_at", models.DateTimeField()),
                ("population", models.IntegerField()),
                ("size", models.IntegerField()),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                (
                    "drive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="call_plans", to="recruitment.drive"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cluster",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                (
                    "reason",
                    models.TextField(
                        choices=[
                            ("device", "Many from one device"),
                            ("address", "Many from one network in a short time"),
                            ("referrer", "Many by one person's link in a short time"),
                            ("phone", "Many of one number"),
                            ("names", "The same name again and again in one unit"),
                            ("speed", "Answered faster than a person can"),
                        ]
                    ),
                ),
                ("key", models.TextField()),
                ("size", models.IntegerField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("found_at", models.DateTimeField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("open", "To be looked at"),
                            ("cleared", "Found to be in order"),
                            ("confirmed", "False entries"),
                        ],
                        default="open",
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("decided_size", models.IntegerField(null=True)),
                ("decided_by_id", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "drive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clusters", to="recruitment.drive"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClusterMember",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clusters",
                        to="recruitment.application",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="recruitment.cluster"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InvitationBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                (
                    "source",
                    models.TextField(
                        choices=[
                            ("missed_calls", "People who gave a missed call to our number"),
                            ("paper_sheet", "A paper sheet that each person signed"),
                            ("holders_sheet", "The organisation's own list of office-bearers"),
                        ]
                    ),
                ),
                ("source_words", models.TextField()),
                ("declared_by_id", models.BigIntegerField(null=True)),
                ("declared_at", models.DateTimeField()),
                ("certificate", models.JSONField(null=True)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("checking", "Being checked"),
                            ("checked", "Checked, nothing written yet"),
                            ("loading", "Being loaded"),
                            ("loaded", "Loaded"),
                            ("failed", "Stopped with a fault"),
                            ("undone", "Undone"),
                        ],
                        default="checking",
                    ),
                ),
                ("file_name", models.TextField()),
                ("digest", models.TextField()),
                ("stored", models.TextField(blank=True)),
                ("erase_on", models.DateField()),
                ("encoding", models.TextField(blank=True)),
                ("language", models.TextField(default="hi")),
                ("on_desk", models.BooleanField(default=True)),
                ("lines", models.IntegerField(default=0)),
                ("fit", models.IntegerField(default=0)),
                ("made", models.IntegerField(default=0)),
                ("refused", models.IntegerField(default=0)),
                (
                    "unread",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("done", models.IntegerField(default=0)),
                ("total", models.IntegerField(default=0)),
                ("parts", models.IntegerField(default=0)),
                ("why", models.TextField(blank=True)),
                ("send_from", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "drive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="recruitment.drive"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line", models.IntegerField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recruitment.application",
                    ),
                ),
                (
                    "invitee",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.invitee"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="recruitment.invitationbatch",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Stratum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("population", models.IntegerField()),
                ("size", models.IntegerField()),
                (
                    "link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recruitment.joinlink",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="strata", to="recruitment.callplan"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CallBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                ("place", models.IntegerField()),
                (
                    "state",
                    models.TextField(
                        choices=[("due", "To be called"), ("done", "Answered"), ("given_up", "Could not be asked")],
                        default="due",
                    ),
                ),
                (
                    "outcome",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("yes", "Yes, I applied myself"),
                            ("never", "I never applied"),
                            ("wrong_person", "The number belongs to somebody else"),
                            ("no_answer", "No answer"),
                            ("refused", "Does not want to talk about it"),
                        ],
                    ),
                ),
                ("tries", models.SmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("held_by_id", models.BigIntegerField(null=True)),
                ("held_until", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_back",
                        to="recruitment.application",
                    ),
                ),
                (
                    "stratum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="recruitment.stratum"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Trace",
            fields=[
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="trace",
                        serialize=False,
                        to="recruitment.application",
                    ),
                ),
                ("device_key", models.BinaryField(null=True)),
                ("address_key", models.BinaryField(null=True)),
                ("at", models.DateTimeField()),
                ("answer_seconds", models.IntegerField(null=True)),
                (
                    "over",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                (
                    "drive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruitment.drive"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CallAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                ("number", models.SmallIntegerField()),
                ("caller_id", models.BigIntegerField()),
                ("opened_at", models.DateTimeField()),
                (
                    "outcome",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("yes", "Yes, I applied myself"),
                            ("never", "I never applied"),
                            ("wrong_person", "The number belongs to somebody else"),
                            ("no_answer", "No answer"),
                            ("refused", "Does not want to talk about it"),
                        ],
                    ),
                ),
                ("said_at", models.DateTimeField(null=True)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="recruitment.callback"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["caller_id", "-opened_at"], name="recruitment_attempts_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "number"), name="recruitment_attempt_numbered")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="callplan",
            constraint=models.UniqueConstraint(fields=("drive", "upto_at"), name="recruitment_plan_once"),
        ),
        migrations.AddIndex(
            model_name="cluster",
            index=models.Index(fields=["drive", "state", "-size"], name="recruitment_cluster_list"),
        ),
        migrations.AddConstraint(
            model_name="cluster",
            constraint=models.UniqueConstraint(fields=("drive", "reason", "key"), name="recruitment_cluster_once"),
        ),
        migrations.AddConstraint(
            model_name="cluster",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "open"),
                    models.Q(("decided_by_id__isnull", False), models.Q(("words", ""), _negated=True)),
                    _connector="OR",
                ),
                name="recruitment_cluster_decided_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="clustermember",
            constraint=models.UniqueConstraint(fields=("cluster", "application"), name="recruitment_in_cluster_once"),
        ),
        migrations.AddIndex(
            model_name="invitationbatch",
            index=models.Index(fields=["drive", "-declared_at"], name="recruitment_batch_of_drive"),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["batch", "line"], name="recruitment_invite_of_batch"),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                condition=models.Q(("sent_at", None)), fields=["batch", "id"], name="recruitment_invite_due"
            ),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                condition=models.Q(("application__isnull", False)),
                fields=["application"],
                name="recruitment_invite_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="stratum",
            constraint=models.UniqueConstraint(
                fields=("plan", "unit", "link"), name="recruitment_stratum_once", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(
                condition=models.Q(("state", "due")), fields=["next_try_at", "place"], name="recruitment_call_due"
            ),
        ),
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(
                condition=models.Q(("held_by_id__isnull", False)), fields=["held_by_id"], name="recruitment_call_held"
            ),
        ),
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(fields=["stratum", "state"], name="recruitment_call_tally"),
        ),
        migrations.AddIndex(
            model_name="trace",
            index=models.Index(fields=["drive", "at"], name="recruitment_trace_at"),
        ),
        migrations.AddIndex(
            model_name="trace",
            index=models.Index(
                condition=models.Q(("device_key__isnull", False)),
                fields=["drive", "device_key", "at"],
                name="recruitment_trace_device",
            ),
        ),
    ]
