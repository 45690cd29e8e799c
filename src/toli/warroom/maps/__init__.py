"""Shapes of units from a file that somebody loads: read with limits, made small, matched to units. No database."""
