"""Which files of which npm packages the pages use, and the copying of them into static/vendor."""

import re
import shutil
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"
FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts.min.js": "echarts/dist/echarts.common.min.js",
    "echarts-map.min.js": "echarts/dist/echarts.min.js",  # the common build draws no maps
    "idb.js": "idb/build/umd.js",
    **{
        f"mukta-{script}-{weight}-normal.woff2": f"@fontsource/mukta/files/mukta-{script}-{weight}-normal.woff2"
        for script in ("devanagari", "latin")
        for weight in (400, 600)
    },
    # what is drawn into PDFs: a form of the same font that needs no further program to unpack
    **{
        f"mukta-{script}-{weight}-normal.woff": f"@fontsource/mukta/files/mukta-{script}-{weight}-normal.woff"
        for script in ("devanagari", "latin")
        for weight in (400, 600)
    },
}
_SOURCE_MAP = re.compile(rb"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=.*")


def copy_vendor(node_modules: Path) -> list[Path]:
    """Copy what the pages need. Source maps are left out and their mention too: they would not be found.

    Raises FileNotFoundError when a package is not installed.
    """
    VENDOR.mkdir(parents=True, exist_ok=True)
    return [_copy(node_modules / source, VENDOR / name) for name, source in FILES.items()]


def _copy(source: Path, target: Path) -> Path:
    if target.suffix in {".css", ".js"}:
        target.write_bytes(_SOURCE_MAP.sub(b"", source.read_bytes()))
    else:
        shutil.copyfile(source, target)
    return target
