"""X: posts of a declared account through the paid API."""
