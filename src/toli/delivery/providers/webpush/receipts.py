"""A push service posts nothing to us: 404 or 410 on the next notice says that a browser is gone."""
