"""A whole campaign in one file, and back: the database at one moment, the uploads, what proves both.

Owns: no tables. The keyring is never in the file; it goes into one of its own, under a passphrase.
Records: config.restored.
Used by: cli (`toli backup`, `toli restore`).
"""
