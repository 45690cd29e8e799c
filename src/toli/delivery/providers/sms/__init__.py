"""An Indian operator's gateway: SMS with a sender's name and a registered text, and calls that say a text."""
