"""Functional mailboxes: where their mail goes, who may write under their addresses, what is said once they are closed.

Views of their own, beside the people's. A member's mail applications write under the address alone only for those who may:
an assistant writes on behalf, in the webmail, which names them.
"""

from django.db import migrations

FORWARD = """
CREATE VIEW postfix_functional_recipients AS
SELECT e.address, m.store_id || '@store.internal' AS destination
FROM directory_emailaddress e JOIN directory_functionalmailbox m ON m.id = e.functional_id
WHERE e.retired_at IS NULL AND m.state = 'open';

CREATE VIEW postfix_functional_senders AS
WITH members AS (
    SELECT e.address, f.access, a.id, a.login
    FROM directory_emailaddress e
    JOIN directory_functionalmailbox m ON m.id = e.functional_id
    JOIN directory_functionalmember f ON f.mailbox_id = m.id AND f.left_on IS NULL
    JOIN accounts_account a ON a.person_id = f.person_id
    WHERE e.retired_at IS NULL AND m.state = 'open' AND f.access <> 'reader' AND a.state IN ('activated', 'ending')
)
SELECT address, login::varchar AS login FROM members
UNION ALL
SELECT s.address, (p.id || '/' || s.login)::varchar
FROM members s JOIN accounts_apppassword p ON p.account_id = s.id
WHERE s.access IN ('owner', 'delegate') AND p.revoked_at IS NULL;

CREATE VIEW postfix_functional_closed AS
SELECT e.address, trim('550 5.1.6 Cette boite est fermee. / This mailbox is closed. ' || m.closed_words) AS answer
FROM directory_emailaddress e JOIN directory_functionalmailbox m ON m.id = e.functional_id
WHERE e.retired_at IS NOT NULL OR m.state = 'closed';

GRANT SELECT ON postfix_functional_recipients, postfix_functional_senders, postfix_functional_closed TO postfix;
"""
BACKWARD = "DROP VIEW postfix_functional_closed; DROP VIEW postfix_functional_senders; DROP VIEW postfix_functional_recipients;"


class Migration(migrations.Migration):
    dependencies = [("mailflow", "0004_closed"), ("directory", "0006_functional")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
