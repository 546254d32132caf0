"""The wizard: one window, a rail of eight steps, one file a page.

`WizardWindow` owns the frame and the walk (`app.setup.flow.Flow` decides it); a `Page` shows one
step in one of three states: valid, busy, error. What a page asks of the world goes through
`Work`, which runs on the engine's thread and comes back on this one.
"""

from __future__ import annotations

from app.ui.wizard.window import WizardWindow

__all__ = ["WizardWindow"]
