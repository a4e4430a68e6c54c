"""Mail to a mailbox that is closed, or to an address that is not in use any more, is refused with the reason.

In French and English, without accents: an SMTP answer is ASCII. It tells neither why nor since when.
"""

from django.db import migrations

FORWARD = """
CREATE VIEW postfix_closed AS
SELECT e.address,
    CASE WHEN a.state IN ('deactivated', 'purged') THEN
        '550 5.2.1 Cette boite est fermee et ne recoit plus de courrier. / This mailbox is closed and no longer receives mail.'
    ELSE
        '550 5.1.6 Cette adresse n''est plus en service, son titulaire en a change. / This address is no longer in use, its holder has another one.'
    END AS answer
FROM directory_emailaddress e JOIN accounts_account a ON a.person_id = e.person_id
WHERE e.retired_at IS NOT NULL OR a.state IN ('deactivated', 'purged');
GRANT SELECT ON postfix_closed TO postfix;
"""


class Migration(migrations.Migration):
    dependencies = [("mailflow", "0003_states"), ("accounts", "0009_first_steps")]
    operations = [migrations.RunSQL(FORWARD, "DROP VIEW postfix_closed;")]
