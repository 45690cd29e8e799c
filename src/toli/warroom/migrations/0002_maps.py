import django.db.models.deletion
from django.db import migrations, models

import toli.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0004_snapshot_slots"),
        ("warroom", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="MapFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                ("source", models.TextField()),
                ("loaded_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "level",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.level"),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Shape",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=toli.kit.ids.uuid7, editable=False, unique=True)),
                ("name", models.TextField()),
                ("matched_by", models.TextField(blank=True)),
                ("polygons", models.JSONField()),
                (
                    "map",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shapes", to="warroom.mapfile"
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
        migrations.AddConstraint(
            model_name="mapfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)), fields=("unit", "level"), name="warroom_one_map_of_a_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="shape",
            constraint=models.UniqueConstraint(
                condition=models.Q(("unit__isnull", False)), fields=("map", "unit"), name="warroom_shape_once"
            ),
        ),
    ]
