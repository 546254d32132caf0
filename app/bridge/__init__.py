"""QtCore only: the one place where Qt and asyncio meet."""
