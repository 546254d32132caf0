"""The only importer of SQLAlchemy: links, intents, watermarks, cycles, provisioning log."""
