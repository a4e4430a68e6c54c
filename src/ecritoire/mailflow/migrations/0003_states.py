"""Mail follows the states of an account (``accounts.lifecycle``): whoever is ending still writes; a return has a fresh mailbox."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE VIEW postfix_recipients AS
SELECT e.address,
    'u' || a.id || CASE WHEN a.generation > 1 THEN '-' || a.generation ELSE '' END || '@store.internal' AS destination
FROM directory_emailaddress e JOIN accounts_account a ON a.person_id = e.person_id
WHERE e.retired_at IS NULL AND a.state IN ('provisioned', 'activated', 'ending', 'suspended');

CREATE OR REPLACE VIEW postfix_senders AS
SELECT e.address, a.login::varchar AS login
FROM directory_emailaddress e JOIN accounts_account a ON a.person_id = e.person_id
WHERE e.retired_at IS NULL AND a.state IN ('activated', 'ending')
UNION ALL
SELECT e.address, (p.id || '/' || a.login)::varchar
FROM directory_emailaddress e JOIN accounts_account a ON a.person_id = e.person_id
JOIN accounts_apppassword p ON p.account_id = a.id
WHERE e.retired_at IS NULL AND a.state IN ('activated', 'ending') AND p.revoked_at IS NULL
UNION ALL
SELECT 'ne-pas-repondre@' || mail_domain, 'service' FROM directory_organisation;
"""


class Migration(migrations.Migration):
    dependencies = [("mailflow", "0002_senders_by_secret"), ("accounts", "0007_lifecycle")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
