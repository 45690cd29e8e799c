"""What each person was told and agreed to: the notice, the ledger, the way out, and the gate `may_contact`; what the
law owes them: their data corrected, copied, sealed and erased with proof, complaints answered, breaches told.

Owns: Notice, ConsentEvent (append-only), NumberStop, Grievance, Breach, BreachPerson.
Records: consent.given, consent.withdrawn, consent.all_withdrawn, consent.stopped, consent.notice_published,
    consent.grievance_*, consent.breach_*, people.revealed, people.exported, people.held, people.hold_lifted.
Used by: recruitment (the join page), volunteer (my data), delivery and every sender (may_contact).
"""
