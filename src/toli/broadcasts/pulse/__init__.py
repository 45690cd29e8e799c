"""The stream's own process: many phones asking for one small document, and telling what they showed.

Never imports Django. Reads the table `broadcasts_document`, appends to `broadcasts_receipt`, keeps nothing else,
so as many of these as needed may run on as many machines behind nginx or a CDN.
"""
