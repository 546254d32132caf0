"""Frozen data, enums, the error tree and the ports. Standard library only, no clock, no I/O."""
