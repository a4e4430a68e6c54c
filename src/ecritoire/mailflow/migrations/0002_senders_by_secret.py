"""A mail application signs in to submission as « <secret id>/<login> »: once its secret is revoked, the very next message of
a connection still open is refused."""

from django.db import migrations

SENDERS = """
CREATE OR REPLACE VIEW postfix_senders AS
SELECT e.address, a.login::varchar AS login
FROM directory_emailaddress e JOIN accounts_account a ON a.person_id = e.person_id
WHERE e.retired_at IS NULL AND a.state = 'activated'
UNION ALL
SELECT e.address, (p.id || '/' || a.login)::varchar
FROM directory_emailaddress e JOIN accounts_account a ON a.person_id = e.person_id
JOIN accounts_apppassword p ON p.account_id = a.id
WHERE e.retired_at IS NULL AND a.state = 'activated' AND p.revoked_at IS NULL
UNION ALL
SELECT 'ne-pas-repondre@' || mail_domain, 'service' FROM directory_organisation;
"""
FORMER = """
CREATE OR REPLACE VIEW postfix_senders AS
SELECT e.address, a.login::varchar AS login
FROM directory_emailaddress e JOIN accounts_account a ON a.person_id = e.person_id
WHERE e.retired_at IS NULL AND a.state = 'activated'
UNION ALL
SELECT 'ne-pas-repondre@' || mail_domain, 'service' FROM directory_organisation;
"""


class Migration(migrations.Migration):
    dependencies = [("mailflow", "0001_postfix_views"), ("accounts", "0002_policies_and_history")]
    operations = [migrations.RunSQL(SENDERS, FORMER)]
