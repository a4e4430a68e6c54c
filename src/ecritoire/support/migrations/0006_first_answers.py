"""When each request was answered first, from the answers themselves."""

from django.db import migrations

FORWARD = """
UPDATE support_ticket t SET first_answered_at = m.at FROM (
    SELECT ticket_id, min(created_at) AS at FROM support_ticketmessage
    WHERE side = 'support' AND audience = 'public' GROUP BY ticket_id
) m WHERE m.ticket_id = t.id
"""


class Migration(migrations.Migration):
    dependencies = [("support", "0005_steps")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
