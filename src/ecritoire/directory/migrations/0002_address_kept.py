"""An address once given is never removed, so that it is never given to somebody else."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER address_kept BEFORE DELETE ON directory_emailaddress
FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = "DROP TRIGGER address_kept ON directory_emailaddress;"


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial"), ("common", "0002_audit_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
