"""What Postfix may read: three views, and nothing else of the database."""

from django.db import migrations

FORWARD = """
CREATE VIEW postfix_domains AS SELECT mail_domain AS domain FROM directory_organisation;

-- Mail is accepted from provisioning on, so that a newcomer finds it; a deactivated account refuses it.
CREATE VIEW postfix_recipients AS
SELECT e.address, 'u' || a.id || '@store.internal' AS destination
FROM directory_emailaddress e JOIN accounts_account a ON a.person_id = e.person_id
WHERE e.retired_at IS NULL AND a.state <> 'deactivated';

-- Who may write under an address. The service itself writes codes and notices as ne-pas-repondre.
CREATE VIEW postfix_senders AS
SELECT e.address, a.login
FROM directory_emailaddress e JOIN accounts_account a ON a.person_id = e.person_id
WHERE e.retired_at IS NULL AND a.state = 'activated'
UNION ALL
SELECT 'ne-pas-repondre@' || mail_domain, 'service' FROM directory_organisation;

GRANT SELECT ON postfix_domains, postfix_recipients, postfix_senders TO postfix;
"""
BACKWARD = "DROP VIEW postfix_senders; DROP VIEW postfix_recipients; DROP VIEW postfix_domains;"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("directory", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
