"""The levels of the tree, as imports need them."""

from toli.org import services
from toli.org.models import Level


def ensure_levels() -> dict[str, tuple[int, int]]:
    """level key -> (id, rank), with the usual levels added where they are missing."""
    services.ensure_base()
    return {key: (level_id, rank) for key, level_id, rank in Level.objects.values_list("key", "id", "rank")}
