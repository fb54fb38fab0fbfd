"""The stage of an opportunity is no longer a word of its own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sell", "0005_fill_stages")]  # noqa: RUF012
    operations = [  # noqa: RUF012
        migrations.AlterField("opportunity", "stage", models.CharField(max_length=80, default="")),
        migrations.RemoveField("opportunity", "stage"),
        migrations.RenameField("opportunity", "stage_ref", "stage"),
        migrations.AlterField(
            "opportunity",
            "stage",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opportunities",
                to="sell.stage",
            ),
        ),
    ]
