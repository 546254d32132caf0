"""Rollcall: keeps GoToMeeting's accounts in step with Microsoft Entra ID."""

__version__ = "0.1.0"
