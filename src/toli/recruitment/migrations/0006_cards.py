import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0003_breach_breachperson_grievance"),
        ("org", "0008_directory"),
        ("people", "0002_duplicates_and_proof"),
        ("recruitment", "0005_appeals"),
    ]

    operations = [
        migrations.CreateModel(
            name="CardRecall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PastDrive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("given_by_id", models.BigIntegerField(null=True)),
                ("given_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="application",
            name="keeps",
            field=models.TextField(
                blank=True,
                choices=[
                    ("other_seats", "Keep me for other seats"),
                    ("supporter", "I help as a supporter"),
                    ("no", "No, thank you"),
                ],
                db_default="",
            ),
        ),
        migrations.AddField(
            model_name="placeoffer",
            name="followed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("keeps__in", ["other_seats", "supporter"])),
                fields=["unit"],
                name="recruitment_app_keeps",
            ),
        ),
        migrations.AddIndex(
            model_name="placeoffer",
            index=models.Index(condition=models.Q(("state", "offered")), fields=["id"], name="recruitment_offer_open"),
        ),
        migrations.AddIndex(
            model_name="placeoffer",
            index=models.Index(
                condition=models.Q(("followed_at", None), ("state__in", ["declined", "lapsed", "void"])),
                fields=["id"],
                name="recruitment_offer_freed",
            ),
        ),
        migrations.AddField(
            model_name="cardrecall",
            name="appointment",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.appointment"
            ),
        ),
        migrations.AddField(
            model_name="pastdrive",
            name="appointment",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.appointment"
            ),
        ),
        migrations.AddField(
            model_name="pastdrive",
            name="place",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="past", to="recruitment.driveplace"
            ),
        ),
    ]
