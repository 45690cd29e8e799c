"""How Toli is put together and started: settings, addresses, the database server, the launcher.

Owns: no tables.
Used by: cli, demo, bench. Rooms read `django.conf.settings`, never this package.
"""
