"""The volunteer's phone: my day, my seat, my data.

Owns: no tables; it shows other rooms' and calls their services.
Records: volunteer.erasure_asked; everything else through the rooms below.
Used by: volunteers, and everybody who wants to see what is held about them.
"""
