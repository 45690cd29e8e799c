from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("recruitment", "0004_interviews")]

    operations = []
