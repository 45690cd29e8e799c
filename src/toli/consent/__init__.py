"""What each person was told and agreed to: the notice, the ledger, the way out, and the gate `may_contact`.

Owns: Notice, ConsentEvent (append-only), NumberStop.
Records: consent.given, consent.withdrawn, consent.all_withdrawn, consent.stopped, consent.notice_published.
Used by: recruitment (the join page), volunteer (my data), delivery and every sender (may_contact).
"""
