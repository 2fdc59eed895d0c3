"""What the server that others are forked from imports: everything, also what a server imports only while it is put together.

To be imported there and nowhere else: it puts a server together, on data that nobody uses, and it forgets the settings
of whoever runs the tests, which would otherwise be those of everything that is forked.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import uvicorn

import server.cli.run  # noqa: F401
from server import app as composition
from server.settings import PREFIX, Settings

for _name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
    del os.environ[_name]
with tempfile.TemporaryDirectory() as _folder:
    _app = composition.build_app(composition.build_parts(Settings(data=Path(_folder), log_level="error")))
    uvicorn.Config(_app, loop="uvloop", http="httptools", ws="websockets-sansio", log_config=None).load()
