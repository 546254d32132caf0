"""Where a mapped value comes from, in words (the window's "Comes from" column)."""

from __future__ import annotations

from app.domain.settings import AttributeMapping, MappingType
from app.domain.texts import Text
from app.mapping import defaults

KNOWN = {
    defaults.ADDRESS: Text("mail, else userPrincipalName"),
    defaults.FIRST_NAME: Text("givenName, else from displayName"),
    defaults.LAST_NAME: Text("surname, else from displayName"),
}


def describe(mapping: AttributeMapping) -> Text:
    """The source in words; an expression of the administrator's own is shown as written."""
    match mapping.type:
        case MappingType.EXPRESSION:
            own = mapping.expression or ""
            return KNOWN.get(own) or Text("{expression}", {"expression": own})
        case MappingType.DIRECT:
            return Text("{attribute}", {"attribute": mapping.source or ""})
        case MappingType.CONSTANT:
            return Text("always “{value}”", {"value": mapping.constant or ""})
        case MappingType.NONE:
            return Text("nothing; the target keeps what it has")
