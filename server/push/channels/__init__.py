"""Channels: one file for each way to reach a person. Each has `send`, and a fault that says whether to try again."""
