"""Attribute mappings, expressions, scoping filters, matching: pure functions."""
