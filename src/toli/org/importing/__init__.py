"""Trees and office-bearers from files: read tolerantly, explain every row, load in sets.

`reading` turns bytes into rows, `headings` finds the columns, one module per published layout turns rows into typed
rows with reasons, `tree` checks the whole forest, `loading` writes it. Only `loading` and `holders` know the database.
"""
