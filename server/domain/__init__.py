"""The rules: pure functions of values. No database, clock, randomness, network, framework or log in here."""
