"""Pictures sent before there was a library get their row in it; a label that was only ticked is no label any more."""

from django.db import migrations, models

ROWS = """
INSERT INTO content_media (ref, unit_id, kind, state, refusal, title, source_digest, demuxer, digest, ending, size, owner,
                           licence, source, shows_people, ai, ai_label, ai_tool, ai_maker, responsible, says_label,
                           added_by_id, added_at, stopped_reason)
SELECT gen_random_uuid(), i.unit_id, 'image', 'ready', '', left(i.file, 12), i.file_hash, '', i.file_hash, 'jpg', 0,
       coalesce(u.names ->> 'hi', ''), 'own', '', false, 'none', '', '', '', '', false, min(i.written_by_id),
       min(i.written_at), ''
FROM content_item i JOIN org_unit u ON u.id = i.unit_id
WHERE i.file <> '' AND i.file_hash <> '' AND i.media_id IS NULL AND i.ai = 'none'
GROUP BY i.unit_id, i.file, i.file_hash, u.names
"""
POINT = """
UPDATE content_item i SET media_id = m.id FROM content_media m
WHERE m.unit_id = i.unit_id AND m.digest = i.file_hash AND i.file <> '' AND i.media_id IS NULL AND i.ai = 'none'
"""
TICKED = "UPDATE content_item SET ai = 'unlabelled' WHERE ai = 'labelled' AND media_id IS NULL"


class Migration(migrations.Migration):
    dependencies = [("content", "0003_media_facts_cards")]
    operations = [
        migrations.RunSQL(TICKED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ai", "labelled"), _negated=True), ("media__isnull", False), _connector="OR"
                ),
                name="content_labelled_item_has_a_file",
            ),
        ),
        migrations.RunSQL([ROWS, POINT], migrations.RunSQL.noop),
    ]
