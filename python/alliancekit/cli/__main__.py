"""`python -m alliancekit.cli` is `alliance`."""

from __future__ import annotations

import sys

from alliancekit.cli import main

if __name__ == "__main__":
    sys.exit(main())
