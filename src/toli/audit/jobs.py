"""What the worker runs for this room."""

from toli.audit import services
from toli.kit.ticks import Tick

TICKS = [
    Tick("audit.seal", seconds=0.5, run=services.seal),
    Tick("audit.ensure_months", seconds=6 * 3600, run=services.ensure_months),
]
