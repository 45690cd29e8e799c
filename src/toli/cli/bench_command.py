"""toli bench"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys

EXAMPLE = "toli bench tree --size 200000 --json"


def names() -> list[str]:
    """The benches there are: each a module of toli.bench with `run(size, ...)`."""
    import toli.bench

    return sorted(
        name.removesuffix("_bench")
        for _, name, _ in pkgutil.iter_modules(toli.bench.__path__)
        if name.endswith("_bench")
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help=f"all, or one of: {', '.join(names())}")
    parser.add_argument("--size", type=int, help="rows, streams or people; each bench has its own default")
    parser.add_argument("--json", action="store_true", help="print only the JSON object")


def run(options: argparse.Namespace) -> int:
    chosen = names() if options.name == "all" else [options.name]
    if unknown := [name for name in chosen if name not in names()]:
        print(f"There is no bench {unknown[0]!r}. There are: {', '.join(names())}", file=sys.stderr)
        return 2
    for name in chosen:
        module = importlib.import_module(f"toli.bench.{name}_bench")
        result = module.run(size=options.size, quiet=options.json)
        print(json.dumps(result))
    return 0
