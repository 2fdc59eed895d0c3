"""Texts for the tests of de-identification."""
