"""``python -m geo.cli``, as ``flightcase``."""

from __future__ import annotations

import os
import sys

from geo.cli import main

if __name__ == "__main__":
    os.environ.setdefault("PYTHONIOENCODING", "utf-8")
    sys.exit(main())
