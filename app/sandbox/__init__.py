"""The practice tenant and the practice GoTo account, served over HTTP on loopback."""
