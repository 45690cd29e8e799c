"""Tables of the audit room. The tables, partitions and triggers themselves are SQL (migrations/0001_initial)."""

from django.db import models


class Record(models.Model):
    """One write. Inserted plain, never updated; partitioned by month on `at`."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    verb = models.TextField()
    actor_person_id = models.BigIntegerField(null=True)
    actor_seat_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    seen_as_id = models.BigIntegerField(null=True)
    target_kind = models.TextField(default="")
    target_ref = models.UUIDField(null=True)
    unit_id = models.BigIntegerField(null=True)
    unit_path = models.TextField(default="", db_collation="C")
    request_id = models.TextField(default="")
    labels = models.JSONField(default=dict)
    """Names at the time, by language: {"actor": {...seat...}, "unit": {...}}. Never a person's name."""
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_record"


class BatchRow(models.Model):
    """One thing that a bulk act touched; the record carries the digest of all of them."""

    id = models.BigAutoField(primary_key=True)
    record_id = models.BigIntegerField(db_index=True)
    target_kind = models.TextField()
    target_ref = models.UUIDField()
    unit_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "audit_batch_row"
        indexes = [models.Index(fields=["target_ref"], name="audit_batch_row_ref")]


class Link(models.Model):
    """A record's position in the chain: sha256(previous hash + canonical text of the record)."""

    position = models.BigIntegerField(primary_key=True)
    record_id = models.BigIntegerField(unique=True)
    record_at = models.DateTimeField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_link"


class SealState(models.Model):
    """Where sealing stands: one row."""

    id = models.SmallIntegerField(primary_key=True)
    position = models.BigIntegerField(default=0)
    head = models.BinaryField(default=b"")
    horizon = models.BigIntegerField(default=0)
    """Transactions below it had ended when the last pass looked, so their records are all sealed."""

    class Meta:
        db_table = "audit_seal_state"


class FlowCursor(models.Model):
    """How far the dispatcher has followed the chain."""

    name = models.TextField(primary_key=True)
    position = models.BigIntegerField(default=0)

    class Meta:
        db_table = "audit_flow_cursor"


class PersonalRead(models.Model):
    """Somebody saw personal columns of somebody: kept one year (DPDP Rules 2025, rule 6)."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True)
    actor_person_id = models.BigIntegerField(null=True)
    actor_seat_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField()
    columns = models.JSONField()
    reason = models.TextField()
    request_id = models.TextField(default="")

    class Meta:
        db_table = "audit_personal_read"
        indexes = [
            models.Index(fields=["person_id", "at"], name="audit_read_of_person"),
            models.Index(fields=["actor_person_id", "at"], name="audit_read_by_person"),
        ]
