"""Whether an installation is a demo is decided once: the database itself refuses to change or remove the row."""

from django.db import migrations

GUARD = """
CREATE FUNCTION accounts_deployment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'the deployment row stays';
    END IF;
    IF (NEW.id, NEW.only, NEW.ref, NEW.is_demo, NEW.created_at)
       IS DISTINCT FROM (OLD.id, OLD.only, OLD.ref, OLD.is_demo, OLD.created_at) THEN
        RAISE EXCEPTION 'a deployment cannot become a demo or stop being one';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_deployment_guard BEFORE UPDATE OR DELETE ON accounts_deployment
    FOR EACH ROW EXECUTE FUNCTION accounts_deployment_guard();
CREATE FUNCTION accounts_deployment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the deployment row stays'; END $$;
CREATE TRIGGER accounts_deployment_stays BEFORE TRUNCATE ON accounts_deployment
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_deployment_stays();
"""
UNDO = """
DROP TRIGGER accounts_deployment_stays ON accounts_deployment;
DROP FUNCTION accounts_deployment_stays();
DROP TRIGGER accounts_deployment_guard ON accounts_deployment;
DROP FUNCTION accounts_deployment_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
