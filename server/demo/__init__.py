"""The demonstration data: invented people, units and events, dates relative to today, made by the same commands."""
