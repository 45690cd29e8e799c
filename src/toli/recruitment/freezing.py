"""The inputs of a placement as bytes that are the same wherever they are made, so that a run can be made again. Pure.

A line of JSON (seed, counts, keys of shares), then the columns one after the other, little-endian. No name and no
number of a person; what a place added is there as a sum, not what it came from.
"""

from __future__ import annotations

import hashlib
import json
import zlib

import numpy as np

from toli.recruitment.outcomes import Settled
from toli.recruitment.placement import Inputs, Ints

COLUMNS = {
    "applicants": "<i8", "refs": "|u1", "scores": "<i4", "start": "<i8", "wish_place": "<i4", "wish_points": "<i4",
    "wish_share": "<i2", "wish_rank": "<i2", "places": "<i8", "capacity": "<i4", "min_score": "<i4",
    "share_start": "<i8", "share_count": "<i4",
}  # fmt: skip


def freeze(inputs: Inputs) -> bytes:
    """The canonical bytes."""
    head = {
        "seed": inputs.seed, "shares": list(inputs.share_keys),
        "sizes": {name: int(getattr(inputs, name).size) for name in COLUMNS},
    }  # fmt: skip
    columns = [getattr(inputs, name).astype(kind).tobytes() for name, kind in COLUMNS.items()]
    return b"".join([json.dumps(head, sort_keys=True, ensure_ascii=False).encode(), b"\n", *columns])


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def pack(data: bytes) -> bytes:
    return zlib.compress(data, 1)


def unpack(packed: bytes) -> bytes:
    return zlib.decompress(packed)


def thaw(data: bytes) -> Inputs:
    """The inputs again. Raises ValueError for bytes that are cut short."""
    line, _newline, rest = data.partition(b"\n")
    head = json.loads(line)
    columns: dict[str, Ints] = {}
    at = 0
    for name, kind in COLUMNS.items():
        column = np.frombuffer(rest, dtype=kind, count=head["sizes"][name], offset=at)
        at += column.nbytes
        columns[name] = column.copy()  # aligned again, whatever stood before it
    columns["refs"] = columns["refs"].reshape(-1, 16)
    return Inputs(seed=head["seed"], share_keys=tuple(head["shares"]), **columns)


def outcome_digest(settled: Settled) -> str:
    """SHA-256 of who got which place by which wish and on which kind of seat, by applicant."""
    inputs, got = settled.inputs, settled.got
    has, at = got >= 0, np.maximum(got, 0)
    place, rank = np.zeros(len(got), dtype="<i8"), np.zeros(len(got), dtype="<i8")
    if len(inputs.wish_place):
        place[has] = inputs.places[inputs.wish_place[at[has]]]
        rank[has] = inputs.wish_rank[at[has]]
    rows = np.stack((inputs.applicants.astype("<i8"), place, rank, settled.is_reserved.astype("<i8")), axis=1)
    return hashlib.sha256(rows.tobytes()).hexdigest()
