from django.db import migrations

# One row for each posting, contract and absence a client said: a filter on them is an EXISTS.
VIEW = """
CREATE VIEW api_scim_value AS
SELECT u.id AS user_id, a.attribute, v.rank, v.data
FROM api_scimuser u
CROSS JOIN (VALUES ('postings'), ('contracts'), ('absences')) AS a(attribute)
CROSS JOIN LATERAL jsonb_array_elements(
    u.said -> ('urn:ecritoire:params:scim:schemas:extension:' || a.attribute || ':2.0:User') -> a.attribute
) WITH ORDINALITY AS v(data, rank)
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW api_scim_value")]
