"""What was handed in is kept with the intervention: a later version may not be able to replay its journal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workshop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="intervention",
            name="evidence",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="travail rendu"),
        ),
        migrations.AddField(
            model_name="intervention",
            name="outcome",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="défauts à la remise"),
        ),
    ]
