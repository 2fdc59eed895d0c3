"""What the server that others are forked from imports: everything, also what a server imports only while it is put together.

To be imported there and nowhere else: it puts a server together, on data that nobody uses.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import uvicorn

import server.cli.run  # noqa: F401
from server import app as composition
from server.settings import Settings

with tempfile.TemporaryDirectory() as _folder:
    _app = composition.build_app(composition.build_parts(Settings(data=Path(_folder), log_level="error")))
    uvicorn.Config(_app, loop="uvloop", http="httptools", ws="websockets-sansio", log_config=None).load()
