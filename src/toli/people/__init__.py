"""Persons and how to reach them; no unit and no seat.

Owns: Person, ContactPoint (a dated number), Qualification, Hold (why a row may not be purged), Invitee (a number
    given by somebody else).
Records: people.joined, people.corrected, people.sealed, people.purged; org records what it joins and changes, consent
what it shows and holds.
Used by: org (who sits where), recruitment (who applied), consent, delivery (where a message goes), volunteer (my data).
"""
