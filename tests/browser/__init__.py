"""Samled in real browsers, against one running server with the demonstration."""
