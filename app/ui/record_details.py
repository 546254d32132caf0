"""Everything about one record: its steps, what to do, what was changed, how to copy it."""

from __future__ import annotations

import html
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from app.domain.activity import ActivityRecord, Step, StepType
from app.domain.texts import Translator
from app.ui import wording
from app.ui.changes_view import ChangesView
from app.ui.states import ACTION_GLYPHS, State, action_word, state_word
from app.ui.theme import Role, Space, Token, grown
from app.ui.widgets import (
    Badge,
    Card,
    ElidedLabel,
    FlowLayout,
    Glyph,
    Hairline,
    IconButton,
    Label,
    Note,
    Timeline,
    TimelineStep,
    page_scroll,
)
from app.ui.widgets.delegates import value_text

_LOW = 340
_TAB_PADDING = 6
"""What a tab keeps free before its word."""


class RecordDetails(Card):
    """Four tabs; what to do stays in view under the steps."""

    closed = Signal()

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0)
        self._translator = translator
        self._record: ActivityRecord | None = None
        self._name = Label("", Role.SECTION, wrap=True, selectable=True)
        self._copy = IconButton("copy", self.tr("Copy details"))
        self._close = IconButton("x", self.tr("Close details"), shortcut="Esc")
        self._copy.clicked.connect(self.copy)
        self._close.clicked.connect(self.closed)
        self._status, self._action = Badge(), Badge()
        self._when = Label("", Role.CAPTION, Token.TEXT2)
        self._tabs = QTabBar()
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        self._tabs.setAccessibleName(self.tr("Details"))
        self._stack = QStackedWidget()
        self._timeline = Timeline()
        self._steps_advice = Note(State.WARNING, self.tr("What to do"))
        self._brief = QWidget()
        self._brief_text = ElidedLabel("", Role.STRONG, Token.WARNING)
        self._advice = Note(State.WARNING, self.tr("What to do"))
        self._changes = ChangesView()
        self._summary = Label("", Role.DENSE, wrap=True, rich=True, selectable=True)
        self._build()
        self._tabs.currentChanged.connect(self._stack.setCurrentIndex)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(Space.HAIR)
        top.addWidget(self._name, 1)
        top.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        pills = QWidget()
        flow = FlowLayout(pills)
        for part in (self._status, self._action, self._when):
            flow.addWidget(part)
        head = QVBoxLayout()
        head.setContentsMargins(Space.WIDE, Space.MEDIUM, Space.WIDE, Space.TIGHT)
        head.addLayout(top)
        head.addWidget(pills)
        brief = QHBoxLayout(self._brief)
        brief.setContentsMargins(0, Space.HAIR, 0, 0)
        brief.setSpacing(Space.TIGHT)
        brief.addWidget(Glyph("lightbulb", Token.WARNING))
        brief.addWidget(self._brief_text, 1)
        head.addWidget(self._brief)
        self.body.addLayout(head)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(Space.WIDE - _TAB_PADDING, 0, Space.WIDE, 0)
        tabs.addWidget(self._tabs)
        self.body.addLayout(tabs)
        self.body.addWidget(Hairline())
        self.body.addWidget(self._stack, 1)
        pages = (
            (self.tr("Steps"), self._steps_page()),
            (self.tr("Advice"), self._padded(self._advice)),
            (self.tr("Modified properties"), self._padded(self._changes)),
            (self.tr("Summary"), self._padded(self._summary)),
        )
        for name, page in pages:
            self._tabs.addTab(name)
            self._stack.addWidget(page)

    def _padded(self, scrolled: QWidget) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(Space.WIDE, Space.MEDIUM, Space.WIDE, Space.MEDIUM)
        column.addWidget(scrolled)
        column.addStretch(1)
        area = page_scroll(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        return area

    def _steps_page(self) -> QWidget:
        """What to do stays in view under the steps, or is a line of the header."""
        self._steps_area = self._padded(self._timeline)
        bar = self._steps_area.verticalScrollBar()
        bar.rangeChanged.connect(lambda _least, _most: self._show_failed_step())
        page = QWidget()
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._steps_area, 1)
        below = QVBoxLayout()
        below.setContentsMargins(Space.WIDE, 0, Space.WIDE, Space.WIDE)
        below.addWidget(self._steps_advice)
        outer.addLayout(below)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little height what to do is one line, and the steps have the rest."""
        super().resizeEvent(event)
        self._place_advice()

    def _place_advice(self) -> None:
        low = self.height() < grown(_LOW)
        told = bool(self._record is not None and self._record.advice)
        self._steps_advice.setVisible(told and not low)
        self._brief.setVisible(told and low)
        QTimer.singleShot(0, self, self._show_failed_step)

    def _show_failed_step(self) -> None:
        failed = self._timeline.failed
        if failed is not None:
            self._steps_area.verticalScrollBar().setValue(failed.y())

    @property
    def record(self) -> ActivityRecord | None:
        """What is shown."""
        return self._record

    def show_record(self, record: ActivityRecord) -> None:
        """Show another record; the tab stays."""
        self._record = record
        state = State(record.status)
        name = record.source.name or record.target.name or record.source.id
        self._name.setText(name)
        self._status.show_state(state, state_word(state))
        self._action.show_state(
            State.SKIPPED, action_word(record.action), ACTION_GLYPHS[record.action]
        )
        self._when.setText(wording.date_and_time(record.at))
        self._timeline.show_steps(self._timed_steps(record))
        advice = self._translator.render(record.advice) if record.advice else ""
        what = self.tr("What to do")
        self._steps_advice.show_message(State.WARNING, what, advice, glyph="lightbulb")
        self._brief_text.set_whole(advice)
        self._place_advice()
        if advice:
            self._advice.show_message(State.WARNING, what, advice, glyph="lightbulb")
        else:
            self._advice.show_message(State.INFO, self.tr("Nothing to do here"))
        self._changes.show_changes(record.changes)
        self._summary.setText(_table(self._facts(record)))
        self.setAccessibleName(self.tr("Details of {name}").format(name=name))

    def _steps(self, record: ActivityRecord) -> tuple[Step, ...]:
        return record.steps or (Step(StepType.EXPORT, record.status, record.message),)

    def _timed_steps(self, record: ActivityRecord) -> list[TimelineStep]:
        """What was sent and answered took its time; the other steps take none."""
        steps = [self._step(step) for step in self._steps(record)]
        if record.duration_ms:
            steps[-1] = replace(steps[-1], extra=f"{record.duration_ms} ms")
        return steps

    def _step(self, step: Step) -> TimelineStep:
        names = {
            StepType.IMPORT: self.tr("Import"),
            StepType.SCOPING: self.tr("Scoping"),
            StepType.MATCHING: self.tr("Matching"),
            StepType.PROCESSING: self.tr("Processing"),
            StepType.REFERENCE_RESOLUTION: self.tr("Members and managers"),
            StepType.EXPORT: self.tr("Export"),
        }
        text = self._translator.render(step.description)
        return TimelineStep(State(step.status), names[step.type], text)

    def _facts(self, record: ActivityRecord) -> list[tuple[str, str]]:
        reason = record.reason.value if record.reason else ""
        facts = [
            (self.tr("Result"), self._translator.render(record.message)),
            (self.tr("Code"), record.code or ""),
            (self.tr("Person"), record.source.name),
            (self.tr("Object ID"), record.source.id),
            (self.tr("GoTo account"), record.target.name),
            (self.tr("Account key"), record.target.id),
            (self.tr("Reason"), reason),
            (self.tr("Cycle"), record.cycle),
            (self.tr("Change ID"), record.change),
            (self.tr("Duration"), f"{record.duration_ms} ms" if record.duration_ms else ""),
            (self.tr("Request ID"), record.request_id or ""),
        ]
        return [fact for fact in facts if fact[1]]

    def text(self) -> str:
        """All of it as plain text, for the clipboard."""
        record = self._record
        if record is None:
            return ""
        state, action = state_word(State(record.status)), action_word(record.action)
        lines = [f"{self._name.text()} – {state}, {action}, {record.at.isoformat()}"]
        lines += [
            f"{step.name}: {state_word(step.state)}. {step.text}"
            for step in map(self._step, self._steps(record))
        ]
        lines += [f"{name}: {value}" for name, value in self._facts(record)]
        lines += [
            f"{change.attribute}: {value_text(change.old)} → {value_text(change.new)}"
            for change in record.changes
        ]
        if record.advice:
            lines.append(f"{self.tr('What to do')}: {self._translator.render(record.advice)}")
        return "\n".join(lines)

    def copy(self) -> None:
        """Put `text` on the clipboard."""
        QGuiApplication.clipboard().setText(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _table(rows: list[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><td style='padding:3px 14px 3px 0'>{html.escape(name)}</td>"
        f"<td style='padding:3px 0'><b>{html.escape(value)}</b></td></tr>"
        for name, value in rows
    )
    return f"<table>{cells}</table>"
