"""Persons and how to reach them; no unit and no seat.

Owns: Person, ContactPoint (a dated number), Qualification, Hold (why a row may not be purged), Invitee (a number
    given by somebody else).
Records: people.joined, people.corrected, people.number_verified, people.revealed, people.sealed, people.purged.
Used by: org (who sits where), recruitment (who applied), consent, delivery (where a message goes), volunteer (my data).
"""
