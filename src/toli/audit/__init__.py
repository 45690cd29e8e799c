"""What was done, by whom, when: append-only, hash-chained, without personal values.

Owns: Record (one write), BatchRow (the rows of a bulk act), Link (a record's place in the chain), PersonalRead (who
    saw whose data).
Records: nothing of its own; every other room records here in the transaction of its write.
Used by: every room; org, warroom and volunteer show timelines.
"""
