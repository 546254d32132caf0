"""The machine we run on: paths, profiles, secrets, mail, profile lock, language."""
