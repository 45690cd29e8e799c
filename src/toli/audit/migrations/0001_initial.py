"""The audit tables in SQL: partitions by month, a sealed chain, and triggers that keep both append-only."""

from pathlib import Path

from django.db import migrations, models

SQL = (Path(__file__).parent / "0001_initial.sql").read_text(encoding="utf-8")


def tables() -> list[migrations.operations.base.Operation]:
    return [
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("verb", models.TextField()),
                ("actor_person_id", models.BigIntegerField(null=True)),
                ("actor_seat_id", models.BigIntegerField(null=True)),
                ("on_behalf_of_id", models.BigIntegerField(null=True)),
                ("seen_as_id", models.BigIntegerField(null=True)),
                ("target_kind", models.TextField(default="")),
                ("target_ref", models.UUIDField(null=True)),
                ("unit_id", models.BigIntegerField(null=True)),
                ("unit_path", models.TextField(db_collation="C", default="")),
                ("request_id", models.TextField(default="")),
                ("labels", models.JSONField(default=dict)),
                ("data", models.JSONField(default=dict)),
            ],
            options={"db_table": "audit_record"},
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("record_id", models.BigIntegerField(unique=True)),
                ("record_at", models.DateTimeField()),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "audit_link"},
        ),
        migrations.CreateModel(
            name="SealState",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField(default=0)),
                ("head", models.BinaryField(default=b"")),
                ("horizon", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "audit_seal_state"},
        ),
    ]


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=tables(),
            database_operations=[migrations.RunSQL(SQL, reverse_sql=migrations.RunSQL.noop)],
        ),
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("record_id", models.BigIntegerField(db_index=True)),
                ("target_kind", models.TextField()),
                ("target_ref", models.UUIDField()),
                ("unit_id", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "audit_batch_row",
                "indexes": [models.Index(fields=["target_ref"], name="audit_batch_row_ref")],
            },
        ),
        migrations.CreateModel(
            name="FlowCursor",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "audit_flow_cursor"},
        ),
        migrations.CreateModel(
            name="PersonalRead",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("actor_person_id", models.BigIntegerField(null=True)),
                ("actor_seat_id", models.BigIntegerField(null=True)),
                ("person_id", models.BigIntegerField()),
                ("columns", models.JSONField()),
                ("reason", models.TextField()),
                ("request_id", models.TextField(default="")),
            ],
            options={
                "db_table": "audit_personal_read",
                "indexes": [
                    models.Index(fields=["person_id", "at"], name="audit_read_of_person"),
                    models.Index(fields=["actor_person_id", "at"], name="audit_read_by_person"),
                ],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER audit_batch_row_is_append_only BEFORE UPDATE OR DELETE ON audit_batch_row"
            " FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();"
            "CREATE TRIGGER audit_batch_row_keeps_all BEFORE TRUNCATE ON audit_batch_row"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
