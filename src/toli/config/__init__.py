"""How Toli is put together and started: settings, addresses, the database server, the launcher.

Owns: no tables.
Records: config.clock_set, config.clock_apart, config.clock_fine.
Used by: cli, demo, bench. Rooms read `django.conf.settings`, never this package.
"""
