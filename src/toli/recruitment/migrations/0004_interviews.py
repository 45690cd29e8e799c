import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import toli.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0008_directory"),
        ("people", "0002_duplicates_and_proof"),
        ("recruitment", "0003_truth"),
    ]

    operations = [
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                ("number", models.SmallIntegerField()),
                ("names", models.JSONField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("phone", "By phone"),
                            ("video", "By video call"),
                            ("meeting", "A meeting"),
                            ("work_sample", "A small work sample"),
                        ]
                    ),
                ),
                ("blind", models.BooleanField(default=False)),
                ("minutes", models.SmallIntegerField(default=10)),
                ("scores_needed", models.SmallIntegerField(default=2)),
                ("weight", models.SmallIntegerField(default=1)),
                ("minimum", models.IntegerField(null=True)),
                ("criteria", models.JSONField(default=list)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("moves", models.SmallIntegerField(default=2)),
                ("made_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "drive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="recruitment.drive"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Panel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                ("number", models.SmallIntegerField()),
                ("languages", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("place_text", models.TextField(blank=True)),
                ("link", models.URLField(blank=True)),
                ("hours", models.JSONField(default=dict)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="panels", to="recruitment.round"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Interview",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("proposed", "Time proposed"),
                            ("confirmed", "Confirmed"),
                            ("moved", "Moved to another time"),
                            ("declined", "Does not want to come"),
                            ("held", "Held"),
                            ("no_show", "Did not come"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="proposed",
                    ),
                ),
                ("code", models.TextField(null=True, unique=True)),
                ("moves", models.SmallIntegerField(default=0)),
                ("reminded", models.SmallIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interviews",
                        to="recruitment.application",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="interviews", to="recruitment.round"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("offset", models.IntegerField()),
                ("cards", models.IntegerField()),
                ("raw_mean", models.IntegerField()),
                ("method", models.TextField()),
                ("made_at", models.DateTimeField()),
                (
                    "scorer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="recruitment.round"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RoundScore",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("raw", models.IntegerField()),
                ("corrected", models.IntegerField()),
                ("cards", models.SmallIntegerField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="round_scores",
                        to="recruitment.application",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="recruitment.round"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Scorecard",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("marks", models.JSONField()),
                ("total", models.IntegerField()),
                ("note", models.TextField(blank=True)),
                ("given_at", models.DateTimeField()),
                (
                    "interview",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scorecards",
                        to="recruitment.interview",
                    ),
                ),
                (
                    "scorer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Slot",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="slots", to="recruitment.panel"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="interview",
            name="slot",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="interviews", to="recruitment.slot"
            ),
        ),
        migrations.CreateModel(
            name="WorkSample",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("text", models.TextField(blank=True)),
                ("link", models.URLField(blank=True)),
                ("given_at", models.DateTimeField()),
                (
                    "interview",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sample", to="recruitment.interview"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ConflictOfInterest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("declared_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to="recruitment.application",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("application", "person"), name="recruitment_conflict_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PanelMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="recruitment.panel"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("until", None)), fields=["person"], name="recruitment_member")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("panel", "person"), name="recruitment_member_once"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(fields=("drive", "number"), name="recruitment_round_numbered"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="recruitment_round_forward"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 5), ("scores_needed__gte", 1), ("weight__gte", 0)),
                name="recruitment_round_sizes",
            ),
        ),
        migrations.AddConstraint(
            model_name="panel",
            constraint=models.UniqueConstraint(fields=("round", "unit", "number"), name="recruitment_panel_numbered"),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(fields=("round", "scorer"), name="recruitment_correction_once"),
        ),
        migrations.AddIndex(
            model_name="roundscore",
            index=models.Index(fields=["round"], name="recruitment_scores_of_round"),
        ),
        migrations.AddConstraint(
            model_name="roundscore",
            constraint=models.UniqueConstraint(fields=("application", "round"), name="recruitment_round_score_once"),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.UniqueConstraint(fields=("interview", "scorer"), name="recruitment_one_card_of_a_scorer"),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(("total__range", (0, 10000))), name="recruitment_total_in_scale"
            ),
        ),
        migrations.AddIndex(
            model_name="slot",
            index=models.Index(fields=["starts_at"], name="recruitment_slot_at"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(fields=("panel", "starts_at"), name="recruitment_slot_once"),
        ),
        migrations.AddIndex(
            model_name="interview",
            index=models.Index(fields=["application", "round"], name="recruitment_interview_of_app"),
        ),
        migrations.AddIndex(
            model_name="interview",
            index=models.Index(fields=["round", "state"], name="recruitment_interview_state"),
        ),
        migrations.AddIndex(
            model_name="interview",
            index=models.Index(fields=["slot"], name="recruitment_interview_slot"),
        ),
        migrations.AddConstraint(
            model_name="interview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["proposed", "confirmed", "held"])),
                fields=("slot",),
                name="recruitment_one_live_interview_of_a_slot",
            ),
        ),
        migrations.AddConstraint(
            model_name="interview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["proposed", "confirmed", "held"])),
                fields=("round", "application"),
                name="recruitment_one_live_interview_of_a_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="worksample",
            constraint=models.CheckConstraint(
                condition=models.Q(("link", ""), ("text", ""), _negated=True), name="recruitment_sample_not_empty"
            ),
        ),
    ]
