"""Reading a published schedule: words to days and hours, scopes to constituencies; plain Python."""
