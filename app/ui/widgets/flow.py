"""A layout that goes on in the next line, in the direction the language reads."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget


class FlowLayout(QLayout):
    """Widgets side by side, wrapping where the width ends."""

    def __init__(
        self, parent: QWidget | None = None, *, spacing: int = 8, between_lines: int | None = None
    ) -> None:
        super().__init__(parent)
        self._between = spacing if between_lines is None else between_lines
        self._entries: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take one more."""
        self._entries.append(item)
        self.invalidate()

    def count(self) -> int:
        """How many there are."""
        return len(self._entries)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item, or None beyond the end."""
        return self._entries[index] if 0 <= index < len(self._entries) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove and give the item, or None beyond the end."""
        if not 0 <= index < len(self._entries):
            return None
        self.invalidate()
        return self._entries.pop(index)

    def expandingDirections(self) -> Qt.Orientation:
        """Takes no more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height the lines need."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place everything."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one line."""
        sizes = [entry.sizeHint() for entry in self._entries if not entry.isEmpty()]
        width = sum(s.width() for s in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((s.height() for s in sizes), default=0))

    def minimumSize(self) -> QSize:
        """The widest single one."""
        sizes = [entry.minimumSize() for entry in self._entries if not entry.isEmpty()]
        return QSize(
            max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0)
        )

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        y = rect.y()
        for line in self._lines(rect.width()):
            height = max(size.height() for _, size in line)
            if move:
                self._place(line, QRect(rect.x(), y, rect.width(), height))
            y += height + self._between
        return max(0, y - self._between - rect.y())

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        used = 0
        for entry in self._entries:
            if entry.isEmpty():
                continue
            size = entry.sizeHint()
            size.setWidth(min(size.width(), max(width, entry.minimumSize().width())))
            if entry.hasHeightForWidth():
                size.setHeight(entry.heightForWidth(size.width()))
            if not lines or used + size.width() > width:
                lines.append([])
                used = 0
            lines[-1].append((entry, size))
            used += size.width() + self.spacing()
        return lines

    def _place(self, line: list[tuple[QLayoutItem, QSize]], band: QRect) -> None:
        widget = self.parentWidget()
        direction = widget.layoutDirection() if widget else Qt.LayoutDirection.LeftToRight
        x = band.x()
        for entry, size in line:
            top = band.y() + (band.height() - size.height()) // 2
            place = QRect(QPoint(x, top), size)
            entry.setGeometry(QStyle.visualRect(direction, band, place))
            x += size.width() + self.spacing()
