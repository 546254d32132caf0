"""Text on the window, in a role's font and a token's colour."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.theme import Role, Token, color, font


class Label(QLabel):
    """Plain text that follows the scheme. `rich` takes a translator's markup, values escaped."""

    def __init__(
        self,
        text: str = "",
        role: Role = Role.BODY,
        token: Token = Token.TEXT,
        *,
        wrap: bool = False,
        rich: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._token = token
        self._role = role
        self.setTextFormat(Qt.TextFormat.RichText if rich else Qt.TextFormat.PlainText)
        self.setFont(font(role))
        self.setText(text)
        if wrap:
            self.setWordWrap(True)
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self._tint()

    def set_token(self, token: Token) -> None:
        """Change the colour."""
        self._token = token
        self._tint()

    @property
    def token(self) -> Token:
        """The colour's name."""
        return self._token

    def changeEvent(self, event: QEvent) -> None:
        """The palette of the application changed, or the label was enabled or disabled."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self._tint()

    def _tint(self) -> None:
        wanted = color(self._token)
        palette = self.palette()
        if palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText) != wanted:
            palette.setColor(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText, wanted)
            palette.setColor(QPalette.ColorGroup.Inactive, QPalette.ColorRole.WindowText, wanted)
            palette.setColor(
                QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText, color(Token.DISABLED)
            )
            palette.setColor(QPalette.ColorRole.Link, color(Token.LINK))
            self.setPalette(palette)


class ElidedLabel(Label):
    """One line that ends in "…" where it does not fit; the whole text is its tooltip."""

    def __init__(
        self,
        text: str = "",
        role: Role = Role.BODY,
        token: Token = Token.TEXT,
        parent: QWidget | None = None,
    ) -> None:
        self._whole = text
        super().__init__(text, role, token, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_whole(text)

    def set_whole(self, text: str) -> None:
        """Replace the text."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    @property
    def whole(self) -> str:
        """The text as given."""
        return self._whole

    def minimumSizeHint(self) -> QSize:
        """May become as narrow as the layout likes."""
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: object) -> None:
        """Cut anew."""
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, max(24, self.width())
        )
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")
