"""The only door to the outside: everything that leaves goes through the outbox and one adapter per provider.

Owns: Message (one thing to one address), Receipt (what the provider said of it), ProviderRest, Inbound; Account (a
declared official account Toli may post to), Post (one item to one account), Wording, Budget.
Records: delivery.sent_batch, delivery.judged_again, delivery.quiet_lifted, delivery.cancelled,
delivery.account_connected, delivery.account_taken_away, delivery.key_ends, delivery.key_closed, delivery.posted,
delivery.post_unsure, delivery.post_settled, delivery.post_taken_down, delivery.way_opened, delivery.way_closed.
Used by: recruitment, tasks, broadcasts (messages and posts). Login codes lie in rows of accounts; the tick here sends
them.
"""
