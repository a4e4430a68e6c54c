"""Accounts of before there were steps get their first ones, from the dates they carry."""

from django.db import migrations

FORWARD = """
INSERT INTO accounts_accounttransition
    (created_at, updated_at, account_id, generation, event, from_state, to_state, "on", reason, words, acting_login)
SELECT a.created_at, now(), a.id, a.generation, 'provision', '', 'provisioned', a.created_at::date, 'assignment', '', ''
FROM accounts_account a WHERE NOT EXISTS (SELECT FROM accounts_accounttransition t WHERE t.account_id = a.id);

INSERT INTO accounts_accounttransition
    (created_at, updated_at, account_id, generation, event, from_state, to_state, "on", reason, words, acting_login)
SELECT a.activated_at, now(), a.id, a.generation, 'activate', 'provisioned', 'activated', a.activated_at::date, 'activation', '', ''
FROM accounts_account a WHERE a.activated_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM accounts_accounttransition t WHERE t.account_id = a.id AND t.event = 'activate');

UPDATE accounts_account SET suspended_on = current_date WHERE state = 'suspended' AND suspended_on IS NULL;

INSERT INTO accounts_accounttransition
    (created_at, updated_at, account_id, generation, event, from_state, to_state, "on", reason, words, acting_login)
SELECT now(), now(), a.id, a.generation, CASE a.state WHEN 'suspended' THEN 'suspend' ELSE 'deactivate' END,
    CASE WHEN a.activated_at IS NULL THEN 'provisioned' ELSE 'activated' END, a.state, current_date, 'decision', '', ''
FROM accounts_account a WHERE a.state IN ('suspended', 'deactivated')
    AND NOT EXISTS (SELECT FROM accounts_accounttransition t WHERE t.account_id = a.id AND t.to_state = a.state);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_endings")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
