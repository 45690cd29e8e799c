from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("recruitment", "0005_appeals")]

    operations = []
