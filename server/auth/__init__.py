"""Identity: who is here, by which door they came, in which seat, and when that ends."""
