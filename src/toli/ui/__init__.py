"""Page shells, components and template tags that every room's pages stand on.

Owns: no tables. The desk, volunteer and public shells, error pages, navigation data, the one look.
Records: nothing.
Used by: every room with a page.
"""
