-- A person's calendar subscription in one seat. The secret in its address is told once and kept as a hash.
CREATE TABLE calendar_link (
    seat_id TEXT PRIMARY KEY REFERENCES seat (id), secret_hash TEXT NOT NULL UNIQUE, made_at TEXT NOT NULL);
