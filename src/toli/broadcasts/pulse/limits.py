"""What one process accepts before it says no."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, sizes in bytes."""

    header_bytes: int = 8 * 1024
    body_bytes: int = 8 * 1024
    pipelined: int = 128
    connections: int = 20_000
    idle: float = 75.0
    slow_request: float = 10.0
    slow_reader: float = 15.0
    dark_after: float = 30.0
    retry_after: int = 10
    stop_within: float = 8.0
    write_every: float = 1.0
    receipt_entries: int = 60
    receipts_waiting: int = 50_000
    receipts_per_reader: int = 3
    remembered: int = 8_192
    remembered_bytes: int = 2_048
