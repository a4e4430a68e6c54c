"""A domain more of an académie: mail for prenom.nom there reaches whoever has prenom.nom under its first domain."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE VIEW postfix_domains AS
SELECT mail_domain AS domain FROM directory_organisation UNION ALL SELECT domain FROM directory_maildomain;

CREATE VIEW postfix_more_domains AS
SELECT d.domain, o.mail_domain FROM directory_maildomain d JOIN directory_organisation o ON o.id = d.organisation_id;
GRANT SELECT ON postfix_more_domains TO postfix;
"""
BACKWARD = """
DROP VIEW postfix_more_domains;
CREATE OR REPLACE VIEW postfix_domains AS SELECT mail_domain AS domain FROM directory_organisation;
"""


class Migration(migrations.Migration):
    dependencies = [("mailflow", "0005_functional"), ("directory", "0007_academies")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
