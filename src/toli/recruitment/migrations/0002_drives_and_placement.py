import django.db.models.deletion
from django.db import migrations, models

import toli.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0003_breach_breachperson_grievance"),
        ("org", "0008_directory"),
        ("people", "0002_duplicates_and_proof"),
        ("recruitment", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Outcome",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("wish", models.SmallIntegerField(null=True)),
                ("share", models.TextField(default="")),
                ("score", models.IntegerField(null=True)),
                ("told", models.JSONField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PlacementRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                ("kind", models.TextField(choices=[("real", "For real"), ("what_if", "What if")], default="real")),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("done", "Computed"),
                            ("signed_once", "Signed by one"),
                            ("signed", "Signed by two"),
                            ("replaced", "Replaced by another run"),
                        ],
                        default="done",
                    ),
                ),
                ("changes", models.JSONField(default=dict)),
                ("seed", models.TextField()),
                ("inputs", models.BinaryField()),
                ("inputs_hash", models.TextField()),
                ("outcome_hash", models.TextField()),
                ("summary", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("signed_a_id", models.BigIntegerField(null=True)),
                ("signed_a_at", models.DateTimeField(null=True)),
                ("signed_b_id", models.BigIntegerField(null=True)),
                ("signed_b_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PlaceOffer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                (
                    "origin",
                    models.TextField(
                        choices=[("run", "Placement"), ("wait_list", "Wait-list"), ("appeal", "Appeal")], default="run"
                    ),
                ),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("due", "To be offered"),
                            ("offered", "Offered"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("lapsed", "Lapsed"),
                            ("void", "Could not be offered"),
                        ],
                        default="due",
                    ),
                ),
                ("appointment_ref", models.UUIDField(null=True, unique=True)),
                ("reason", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="UnitRank",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.SmallIntegerField()),
                ("reason", models.TextField()),
                ("set_by_id", models.BigIntegerField(null=True)),
                ("set_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.SmallIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="application",
            name="score",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="application",
            name="source",
            field=models.TextField(db_default="web"),
        ),
        migrations.AddField(
            model_name="application",
            name="supporter_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="drive",
            name="appeal_days",
            field=models.SmallIntegerField(db_default=7),
        ),
        migrations.AddField(
            model_name="drive",
            name="offer_days",
            field=models.SmallIntegerField(db_default=5),
        ),
        migrations.AddField(
            model_name="drive",
            name="target",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="drive",
            name="tie_seed",
            field=models.TextField(db_default=""),
        ),
        migrations.AddField(
            model_name="drive",
            name="wishes",
            field=models.SmallIntegerField(db_default=5),
        ),
        migrations.CreateModel(
            name="Answers",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("given", models.JSONField(default=dict)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="recruitment.application",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AnswerFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                ("question", models.TextField()),
                ("sha256", models.TextField()),
                ("kind", models.TextField()),
                ("size", models.IntegerField()),
                ("at", models.DateTimeField()),
                (
                    "answers",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="recruitment.answers",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DrivePlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                ("capacity", models.IntegerField()),
                ("min_score", models.IntegerField(null=True)),
                ("preferences", models.JSONField(default=dict)),
                ("shares", models.JSONField(default=list)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "drive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="recruitment.drive"
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.role"),
                ),
                (
                    "team_kind",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.teamkind"),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
                ),
                (
                    "wing",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.wing"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CutOff",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("share", models.TextField(default="")),
                ("filled", models.IntegerField()),
                ("wished", models.IntegerField()),
                ("lowest", models.IntegerField(null=True)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruitment.driveplace"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FormVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.SmallIntegerField()),
                ("questions", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                (
                    "drive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forms", to="recruitment.drive"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="answers",
            name="form",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="recruitment.formversion"
            ),
        ),
        migrations.CreateModel(
            name="JoinLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                ("code", models.CharField(max_length=12, unique=True)),
                (
                    "kind",
                    models.TextField(
                        choices=[("poster", "Poster"), ("referral", "A person's link"), ("event", "Event or camp")]
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "drive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="recruitment.drive"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
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
        migrations.AddField(
            model_name="application",
            name="link",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="applications",
                to="recruitment.joinlink",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["drive", "unit", "state"], name="recruitment_app_of_drive"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("link__isnull", False)), fields=["link"], name="recruitment_app_link"
            ),
        ),
        migrations.AddField(
            model_name="outcome",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="outcomes", to="recruitment.application"
            ),
        ),
        migrations.AddField(
            model_name="outcome",
            name="place",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruitment.driveplace"
            ),
        ),
        migrations.AddField(
            model_name="placementrun",
            name="drive",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="recruitment.drive"
            ),
        ),
        migrations.AddField(
            model_name="outcome",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="outcomes", to="recruitment.placementrun"
            ),
        ),
        migrations.AddField(
            model_name="cutoff",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cut_offs", to="recruitment.placementrun"
            ),
        ),
        migrations.AddField(
            model_name="placeoffer",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="place_offers", to="recruitment.application"
            ),
        ),
        migrations.AddField(
            model_name="placeoffer",
            name="place",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="offers", to="recruitment.driveplace"
            ),
        ),
        migrations.AddField(
            model_name="placeoffer",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="offers", to="recruitment.placementrun"
            ),
        ),
        migrations.AddField(
            model_name="unitrank",
            name="drive",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="ranks", to="recruitment.drive"
            ),
        ),
        migrations.AddField(
            model_name="unitrank",
            name="unit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
        ),
        migrations.AddField(
            model_name="wish",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="wishes", to="recruitment.application"
            ),
        ),
        migrations.AddField(
            model_name="wish",
            name="place",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruitment.driveplace"
            ),
        ),
        migrations.AddField(
            model_name="wish",
            name="role",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.role"
            ),
        ),
        migrations.AddField(
            model_name="wish",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
            ),
        ),
        migrations.AddField(
            model_name="wish",
            name="wing",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.wing"
            ),
        ),
        migrations.AddConstraint(
            model_name="driveplace",
            constraint=models.UniqueConstraint(
                fields=("drive", "unit", "team_kind", "role", "wing"),
                name="recruitment_place_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="driveplace",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__gte", 0)), name="recruitment_place_capacity"
            ),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.UniqueConstraint(fields=("drive", "number"), name="recruitment_form_numbered"),
        ),
        migrations.AddConstraint(
            model_name="joinlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "referral")),
                fields=("drive", "person"),
                name="recruitment_one_link_of_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="placementrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("signed_b_id", None),
                    models.Q(("signed_b_id", models.F("signed_a_id")), _negated=True),
                    _connector="OR",
                ),
                name="recruitment_run_signed_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="placementrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "signed")), fields=("drive",), name="recruitment_one_signed_run_of_a_drive"
            ),
        ),
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(fields=["run", "place"], name="recruitment_outcome_place"),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.UniqueConstraint(fields=("run", "application"), name="recruitment_outcome_once"),
        ),
        migrations.AddConstraint(
            model_name="cutoff",
            constraint=models.UniqueConstraint(fields=("run", "place", "share"), name="recruitment_cut_off_once"),
        ),
        migrations.AddIndex(
            model_name="placeoffer",
            index=models.Index(fields=["place", "state"], name="recruitment_offer_of_place"),
        ),
        migrations.AddIndex(
            model_name="placeoffer",
            index=models.Index(condition=models.Q(("state", "due")), fields=["made_at"], name="recruitment_offer_due"),
        ),
        migrations.AddConstraint(
            model_name="placeoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["due", "offered", "accepted"])),
                fields=("application",),
                name="recruitment_one_live_place_offer",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitrank",
            constraint=models.UniqueConstraint(fields=("drive", "unit"), name="recruitment_rank_once"),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.UniqueConstraint(fields=("application", "rank"), name="recruitment_wish_ranked"),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__isnull", False), ("unit__isnull", False), _connector="OR"),
                name="recruitment_wish_names_something",
            ),
        ),
    ]
