import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("org", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="duty",
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("until", models.DateTimeField()),
            ],
            options={"db_table": "org_duty"},
        ),
    ]
