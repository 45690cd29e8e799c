"""The board of any unit, its shifts, hand-over notes and open flags.

Owns: Shift (a person of a team on duty for a time), HandOver (what the next shift must know), Flag (a matter that
is open at a unit).
Records: warroom.roster_made, warroom.shift_taken, warroom.shift_dropped, warroom.handed_over, warroom.flag_raised,
warroom.flag_closed.
Used by: nobody; it reads every room's queries.
"""
