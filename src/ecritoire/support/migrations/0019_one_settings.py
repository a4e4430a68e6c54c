"""The two rows of settings of a desk become one: what ``DeskRules`` had goes to ``DeskSettings``, and back."""

from django.db import migrations, models

DAYS = ("remind_days", "close_days", "reopen_days")


def gather(apps, schema_editor):
    _copy(apps.get_model("support", "DeskRules"), apps.get_model("support", "DeskSettings"))
    _check_now(schema_editor)


def scatter(apps, schema_editor):
    _copy(apps.get_model("support", "DeskSettings"), apps.get_model("support", "DeskRules"))
    _check_now(schema_editor)


def _copy(source, target):
    for row in source.objects.values("organisation_id", *DAYS):
        target.objects.update_or_create(
            organisation_id=row["organisation_id"], defaults={name: row[name] for name in DAYS}
        )


def _check_now(schema_editor):
    """A table with foreign keys still to be checked cannot be altered in the same transaction."""
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("support", "0018_notices")]

    operations = [
        migrations.AddField(
            model_name="desksettings",
            name="remind_days",
            field=models.PositiveSmallIntegerField(default=5, help_text="a person who is waited for is reminded"),
        ),
        migrations.AddField(
            model_name="desksettings",
            name="close_days",
            field=models.PositiveSmallIntegerField(default=7, help_text="a resolved request is closed"),
        ),
        migrations.AddField(
            model_name="desksettings",
            name="reopen_days",
            field=models.PositiveSmallIntegerField(default=14, help_text="a closed request may be opened again"),
        ),
        migrations.RunPython(gather, scatter),
        migrations.DeleteModel(name="DeskRules"),
    ]
