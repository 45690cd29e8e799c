"""The board of any unit, its maps and pictures, its shifts, hand-over notes and open flags.

Owns: Shift (a person of a team on duty for a time), HandOver (what the next shift must know), Flag (a matter that
is open at a unit), MapFile and Shape (the outlines of units, from a file somebody loads).
Records: warroom.roster_made, warroom.shift_taken, warroom.shift_dropped, warroom.handed_over, warroom.flag_raised,
warroom.flag_closed, warroom.map_loaded, warroom.shape_matched, warroom.map_removed, warroom.picture_taken,
warroom.words_erased, warroom.schedule_weighed, warroom.outsiders_left.
Used by: nobody; it reads every room's queries.
"""
