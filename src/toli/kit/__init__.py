"""Plain helpers without a database, one noun per file.

Owns: nothing in the database. Holds phone numbers, ids, dates, numbers, text folding, secrets, files of
rows, forbidden columns, the Actor protocol and the errors every service raises.
Used by: every room.
"""
