"""The benches: ours beside a named peer, in one run, as one JSON object. Each `<name>_bench.py` has `run`.

Owns: no tables.
Used by: `toli bench`, docs/performance.md.
"""
