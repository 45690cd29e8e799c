from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_deployment_guard")]

    operations = [
        migrations.CreateModel(
            name="Usage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=16)),
                ("scope", models.CharField(max_length=8)),
                ("who", models.CharField(max_length=64)),
                ("starts_at", models.DateTimeField()),
                ("n", models.IntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["starts_at"], name="accounts_usage_starts_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("act", "scope", "who", "starts_at"), name="accounts_usage_window")
                ],
            },
        ),
        # Counts of the last hour need not outlive a crash, and nobody's request waits for a disk because of them.
        migrations.RunSQL("ALTER TABLE accounts_usage SET UNLOGGED", "ALTER TABLE accounts_usage SET LOGGED"),
    ]
