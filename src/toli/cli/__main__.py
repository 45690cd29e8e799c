"""`python -m toli.cli` is `toli`: the launcher starts its parts so, whatever PATH holds."""

import sys

from toli.cli import main

sys.exit(main())
