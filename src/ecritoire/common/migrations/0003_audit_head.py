"""The journal's end, kept beside it by the database: entries taken from the end leave a head that points past them."""

from django.db import migrations

FORWARD = """
CREATE TABLE common_audithead (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    entries bigint NOT NULL,
    last_id bigint NOT NULL,
    digest varchar(64) NOT NULL
);
INSERT INTO common_audithead (entries, last_id, digest)
SELECT count(*), coalesce(max(id), 0), coalesce((SELECT digest FROM common_auditevent ORDER BY id DESC LIMIT 1), '')
FROM common_auditevent;
CREATE FUNCTION audit_head_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS
$$ BEGIN
    UPDATE common_audithead SET
        entries = entries + (SELECT count(*) FROM fresh),
        last_id = (SELECT max(id) FROM fresh),
        digest = (SELECT digest FROM fresh ORDER BY id DESC LIMIT 1)
    WHERE EXISTS (SELECT FROM fresh);
    RETURN NULL;
END $$;
CREATE TRIGGER audit_head_follow AFTER INSERT ON common_auditevent
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION audit_head_follow();
"""
BACKWARD = """
DROP TRIGGER audit_head_follow ON common_auditevent;
DROP FUNCTION audit_head_follow();
DROP TABLE common_audithead;
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0002_audit_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
