"""The open time a request took and how often it was opened again, kept on it; and indexes that hold all that is counted."""

from django.db import migrations, models
from django.db.models.functions import Cast, Extract

REOPENINGS = """
UPDATE support_ticket t SET reopenings = e.times FROM (
    SELECT ticket_id, count(*) AS times FROM support_ticketevent
    WHERE kind IN ('reopened', 'written') AND detail #>> '{state,0}' IN ('resolved', 'closed')
    AND detail #>> '{state,1}' NOT IN ('resolved', 'closed') GROUP BY ticket_id
) e WHERE e.ticket_id = t.id
"""


def start(apps, schema_editor):
    organisations = list(apps.get_model("directory", "Organisation").objects.values_list("pk", flat=True))
    if not organisations:
        return
    from ecritoire.support.tasks import measure_past

    for pk in organisations:
        measure_past.defer(organisation_id=pk)


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0019_one_settings'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='answer_minutes',
            field=models.PositiveIntegerField(blank=True, help_text='open time until the first answer, as the calendar was then', null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='answer_seconds',
            field=models.GeneratedField(db_persist=True, expression=Cast(Extract(models.ExpressionWrapper(models.F('first_answered_at') - models.F('created_at'), output_field=models.DurationField()), 'epoch', output_field=models.FloatField()), models.IntegerField()), output_field=models.IntegerField(null=True)),
        ),
        migrations.AddField(
            model_name='ticket',
            name='reopenings',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='how often the person wrote again after it was over'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='resolution_minutes',
            field=models.PositiveIntegerField(blank=True, help_text='open time until the resolution that stands', null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='resolution_seconds',
            field=models.GeneratedField(db_persist=True, expression=Cast(Extract(models.ExpressionWrapper(models.F('resolved_at') - models.F('created_at'), output_field=models.DurationField()), 'epoch', output_field=models.FloatField()), models.IntegerField()), output_field=models.IntegerField(null=True)),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['organisation', 'created_at'], include=('structure', 'queue', 'first_answered_at', 'resolved_at', 'response_due', 'resolution_due', 'answer_seconds', 'resolution_seconds', 'answer_minutes', 'resolution_minutes', 'reopenings', 'kind', 'channel', 'state'), name='ticket_counted'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['organisation', 'resolved_at'], include=('created_at', 'state', 'kind', 'structure'), name='ticket_over'),
        ),
        migrations.RunSQL(REOPENINGS, migrations.RunSQL.noop),
        migrations.RunPython(start, migrations.RunPython.noop),
    ]
