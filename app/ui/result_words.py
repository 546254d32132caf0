"""What became of a person, in two or three words; the sentence and the code are in the details."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject

from app.domain.activity import ActionKind, ActivityRecord, Reason, Status
from app.domain.texts import Text, Translator


class ResultWording(QObject):
    """Short words for a record. A `QObject` because plurals need its `tr`."""

    def __init__(self, translator: Translator, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._translator = translator
        self._attributes = {
            "firstName": self.tr("First name"),
            "lastName": self.tr("Last name"),
            "email": self.tr("E-mail address"),
            "licences": self.tr("Seats"),
        }
        self._codes = self._words_of_codes()
        self._skips = self._words_of_skips()

    def words(self, record: ActivityRecord) -> str:
        """Two or three words, or the whole sentence where there are none."""
        if record.status in (Status.FAILURE, Status.SKIPPED):
            return self.cause(record) or self._translator.render(record.message)
        if record.status is Status.WARNING:
            return self._warning(record)
        return self._done(record)

    def cause(self, record: ActivityRecord) -> str:
        """Why somebody was not provisioned, naming nobody; "" when only the sentence says it."""
        if record.reason is not None and record.reason in self._skips:
            return self._skips[record.reason]
        return self._codes.get(record.code or "", "")

    def _done(self, record: ActivityRecord) -> str:
        words = {
            ActionKind.CREATE: self.tr("Account created"),
            ActionKind.LINK: self.tr("Found by its address"),
            ActionKind.DISABLE: self.tr("Seat taken away"),
            ActionKind.ENABLE: self.tr("Seat given back"),
            ActionKind.DELETE: self.tr("Account deleted"),
        }
        if record.action is not ActionKind.UPDATE or not record.changes:
            return words.get(record.action) or self._translator.render(record.message)
        if len(record.changes) > 1:
            return self.tr("%n values changed", "", len(record.changes))
        name = record.changes[0].attribute
        return self.tr("{attribute} changed").format(attribute=self._attributes.get(name, name))

    def _warning(self, record: ActivityRecord) -> str:
        loss = record.message.values.get("warning")
        if not isinstance(loss, Text):
            return self._translator.render(record.message)
        name = loss.values.get("attribute")
        if isinstance(name, str) and name in self._attributes:
            loss = Text(loss.message, {**loss.values, "attribute": self._attributes[name]})
        return self._translator.render(loss)

    def _words_of_codes(self) -> Mapping[str, str]:
        not_allowed = self.tr("Not allowed")
        collides = self.tr("Collides with another account")
        missing = self.tr("A value is missing")
        return {
            "Conflict": collides,
            "EntryConflict": collides,
            "TooManyRequests": self.tr("GoTo asked to wait"),
            "InternalServerError": self.tr("GoTo had a fault"),
            "InsufficientRights": not_allowed,
            "MethodNotAllowed": not_allowed,
            "NotPermitted": not_allowed,
            "Unauthorized": not_allowed,
            "UnprocessableEntity": self.tr("GoTo did not understand"),
            "InvalidAnchor": self.tr("The account is gone"),
            "MandatoryFieldsMissing": missing,
            "MissingValues": missing,
            "InternalError": self.tr("Fault in Rollcall"),
            "InvalidDomain": self.tr("Domain not accepted"),
            "Timeout": self.tr("No answer in time"),
            "LicenseLimitExceeded": self.tr("No free seat"),
            "DuplicateTargetEntries": self.tr("Several accounts match"),
            "DuplicateSourceEntries": self.tr("Two people share the address"),
            "ImportSkipped": self.tr("No value to match by"),
            "ExpressionFailed": self.tr("A mapping failed"),
            "NotEffectivelyEntitled": self.tr("Only Default Access"),
            "Kept": self.tr("Kept by an administrator"),
        }

    def _words_of_skips(self) -> Mapping[Reason, str]:
        return {
            Reason.UNASSIGNED: self.tr("Not assigned"),
            Reason.DISABLED_IN_SOURCE: self.tr("Disabled in Entra"),
            Reason.DELETED_IN_SOURCE: self.tr("Deleted in Entra"),
            Reason.FILTERED_OUT: self.tr("Filtered out"),
            Reason.OUTSIDE_PILOT: self.tr("Not their turn yet"),
            Reason.ACTION_SWITCHED_OFF: self.tr("Switched off in the mappings"),
        }
