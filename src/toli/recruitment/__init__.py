"""From a join page to a seat.

Owns: Drive (a call to join, with its own page) and Application (one person's answer to it).
Records: recruitment.drive_opened, recruitment.drive_closed, recruitment.applied, recruitment.withdrawn,
recruitment.offered, recruitment.placed, recruitment.reopened; the join also people.joined and consent.given.
Used by: volunteer (what became of my application), warroom (how many applied).
"""
