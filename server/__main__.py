"""`samled`: the command line. Each command has a file of its own in `server/cli/`."""

from __future__ import annotations

import sys

from server.cli import main

if __name__ == "__main__":
    sys.exit(main())
