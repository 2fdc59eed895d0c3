"""Samled: one sync server and one installable client for collaboration around children and young people."""
