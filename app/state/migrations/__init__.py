"""Frozen migrations: they never import today's schema."""
