"""Instagram: a picture or film of a professional account, through a container that is then published."""
