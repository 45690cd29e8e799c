"""The only door to the outside: everything that leaves goes through the outbox and one adapter per provider.

Owns: Message (one thing to one address), Receipt (what the provider said of it), ProviderRest.
Records: delivery.sent_batch, delivery.judged_again, delivery.quiet_lifted, delivery.cancelled.
Used by: recruitment, tasks, broadcasts (messages). Login codes lie in rows of accounts; the tick here sends them.
"""
