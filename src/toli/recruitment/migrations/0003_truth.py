from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("recruitment", "0002_drives_and_placement")]

    operations = []
