"""Widgets that decide nothing."""
