import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("org", "0003_imports")]

    operations = [
        migrations.DeleteModel(name="Snapshot"),
        migrations.CreateModel(
            name="SnapshotSlot",
            fields=[
                ("at", models.DateTimeField(primary_key=True, serialize=False)),
                ("taken_at", models.DateTimeField()),
                ("thinned_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "org_snapshotslot"},
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "slot_id", "unit_id", "wing_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_id", models.BigIntegerField()),
                ("wing_id", models.BigIntegerField(default=0)),
                ("figures", models.JSONField()),
                (
                    "slot",
                    models.ForeignKey(
                        db_column="slot_at",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="org.snapshotslot",
                    ),
                ),
            ],
            options={"db_table": "org_snapshot"},
        ),
    ]
