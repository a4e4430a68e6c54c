"""Requests open before there were service targets get theirs, by a job for each académie."""

from django.db import migrations


def start(apps, schema_editor):
    organisations = list(apps.get_model("directory", "Organisation").objects.values_list("pk", flat=True))
    if not organisations:
        return
    from ecritoire.support.tasks import clocks_again

    for pk in organisations:
        clocks_again.defer(organisation_id=pk)


class Migration(migrations.Migration):
    dependencies = [("support", "0013_kinds")]
    operations = [migrations.RunPython(start, migrations.RunPython.noop)]
