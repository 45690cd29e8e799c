"""X posts nothing to us that we ask for: what became of a post is its answer, or a look at the account's posts."""
