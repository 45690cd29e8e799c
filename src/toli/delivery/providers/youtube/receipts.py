"""YouTube posts nothing to us that we ask for: the answer to the last part of an upload is the receipt."""
