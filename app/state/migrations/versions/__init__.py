"""One module per released schema version."""
