"""Ways in: a number proved by a code, then a PIN on a trusted phone.

Owns: Login (a number, never readable), Holder (one of up to five people on it), Device, LoginCode,
Draft (a form saved before the code is asked), Attempt and Usage (what limits count), CampPass (a phone shared
for a camp), Deployment (is this a demo? set once).
Records: accounts.signed_in, accounts.pin_set, accounts.pin_cleared, accounts.holder_added, accounts.holder_moved,
accounts.ended_session, accounts.ended_sessions, accounts.ended_trust, accounts.let_back_in, accounts.factor_added,
accounts.factor_removed, accounts.factors_cleared.
Used by: people (a person is a holder), delivery (waiting codes), recruitment (drafts), every room
through the session.
"""
