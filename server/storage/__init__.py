"""Storage: engines, tables, numbered schema steps and the only write path. Knows no feature, decides no permission."""
