"""Toli: a large volunteer campaign, from the tree of the organisation to the volunteer's phone."""

__version__ = "0.1.0"
