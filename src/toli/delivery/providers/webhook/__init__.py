"""Any site of the organisation that takes our posts: signed JSON, each post once by its id."""
