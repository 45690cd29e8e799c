"""The demo campaign: a state before four by-elections, with made-up people.

Owns: nothing; it writes through services or, where thousands of rows are needed, their set-based twins.
Records: what the services record, and demo.loaded, recruitment.interviews_given.
Used by: `toli demo`, which the launcher calls on the first start of a demo installation.
"""
