"""Paths of the organisation's tree: decimal ids, each closed by a slash, "1/23/456/"."""


def subtree(path: str) -> tuple[str, str]:
    """The half-open range [lo, hi) that holds this path and all below it, in byte order (COLLATE "C")."""
    return path, path[:-1] + "0"  # "0" is the byte after "/"


def ancestors(path: str) -> list[int]:
    """Ids from the root to the unit itself."""
    return [int(part) for part in path.split("/") if part]


def is_within(path: str, top: str) -> bool:
    """True for the top itself and everything below it."""
    return path.startswith(top) and top != ""
