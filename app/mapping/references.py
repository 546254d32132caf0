"""Mappings of references: the manager, as another person's account (spec/provisioning.md 4.4).

A reference is no value that a mapping could make: it is looked up once the accounts exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.accounts import TargetLimits
from app.domain.errors import ConfigurationError
from app.domain.settings import Apply, AttributeMapping, MappingType
from app.domain.texts import Text
from app.mapping.sources import MANAGER


def reference_of(mappings: Iterable[AttributeMapping]) -> AttributeMapping | None:
    """The mapping of the manager, if there is one."""
    return next((one for one in mappings if is_reference(one)), None)


def is_reference(mapping: AttributeMapping) -> bool:
    """Does the mapping name the manager, as it is?"""
    return mapping.type is MappingType.DIRECT and mapping.source == MANAGER


def check_reference(
    mapping: AttributeMapping, attributes: Sequence[str], limits: TargetLimits, place: str
) -> None:
    """Refuse what no reference can do. `attributes`: those that an expression names.

    Raises `ConfigurationError` whose key names the part of the mapping at `place`.
    """
    if MANAGER in attributes:
        raise _refused(
            f"{place}.expression",
            Text(
                "{key}: {name} cannot be used in an expression",
                {"key": f"{place}.expression", "name": MANAGER},
            ),
        )
    points = mapping.target in limits.references
    if is_reference(mapping) and not points:
        raise _refused(
            f"{place}.target",
            Text(
                "{key}: {name} can only be written to an attribute that points at an account, "
                "and {target} does not",
                {"key": f"{place}.target", "name": MANAGER, "target": mapping.target},
            ),
            Text("Possible here: {names}", {"names": ", ".join(sorted(limits.references))})
            if limits.references
            else Text("This target has none; take the mapping out."),
        )
    if not points:
        return
    if not is_reference(mapping):
        raise _refused(
            f"{place}.source",
            Text(
                "{key}: {target} points at an account, and only {name} can be written to it",
                {"key": f"{place}.source", "name": MANAGER, "target": mapping.target},
            ),
            Text('Give the mapping "type": "direct" and "source": "manager".'),
        )
    for part, used in (
        ("match", mapping.match is not None),
        ("default", mapping.default is not None),
        ("apply", mapping.apply is not Apply.ALWAYS),
    ):
        if used:
            raise _refused(
                f"{place}.{part}",
                Text(
                    "{key}: {name} is written once the accounts exist; this cannot be set for it",
                    {"key": f"{place}.{part}", "name": MANAGER},
                ),
                Text("Take it out of the mapping."),
            )


def _refused(key: str, sentence: Text, advice: Text | None = None) -> ConfigurationError:
    return ConfigurationError(sentence, advice, key=key)
