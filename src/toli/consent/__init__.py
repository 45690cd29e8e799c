"""What each person was told and agreed to: the notice, the ledger, the way out, and the gate `may_contact`; what the
law owes them: their data corrected, copied, sealed and erased with proof, complaints answered, breaches told.

Owns: Notice, ConsentEvent (append-only), NumberStop, Grievance, Breach, BreachPerson.
Records: consent.given, consent.withdrawn, consent.all_withdrawn, consent.stopped, consent.notice_published,
    consent.grievance_filed, consent.grievance_acknowledged, consent.grievance_answered, consent.grievance_reopened,
    consent.grievance_closed, consent.grievances_late, consent.breach_opened, consent.breach_persons_added,
    consent.breach_told, consent.breach_board_first, consent.breach_board_full, consent.breach_closing,
    consent.breach_closed, people.revealed, people.exported, people.held, people.hold_lifted.
Used by: recruitment (the join page), volunteer (my data), delivery and every sender (may_contact).
"""
