"""What a notification said stays as it was said: only who decided on a version, and its state, may be written."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION elections_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (to_jsonb(NEW) - '{state,decided_by_id,decided_at}'::text[])
          IS DISTINCT FROM (to_jsonb(OLD) - '{state,decided_by_id,decided_at}'::text[])
       OR OLD.state IN ('replaced', 'refused') THEN
        RAISE EXCEPTION 'versions of a poll stay: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER elections_version_words BEFORE UPDATE OR DELETE ON elections_pollversion
    FOR EACH ROW EXECUTE FUNCTION elections_version_guard();
"""

BACKWARD = """
DROP TRIGGER elections_version_words ON elections_pollversion;
DROP FUNCTION elections_version_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("elections", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
