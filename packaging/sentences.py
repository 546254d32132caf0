"""Finds every sentence for people in the sources: what reaches `domain.texts.Text` as a literal.

A literal counts when it is given to `Text` itself or to any function, method or class that hands
that argument on to `Text` (an error class with its `text` and `advice`, a shorthand of a module).
Which those are is read from the sources, so nobody has to mark a sentence twice.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TEXT = ("app.domain.texts", "Text")
SUPER = "super().__init__"

Symbol = tuple[str, str]
"""Module and name; a method is named `Class.method`, a class stands for its `__init__`."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as written, its plural form, and the files that say it."""

    message: str
    plural: str | None
    files: tuple[str, ...]


@dataclass(slots=True)
class Speaker:
    """A function with the parameters that end up as sentences; `plural` is the plural's."""

    parameters: tuple[str, ...]
    spoken: set[str] = field(default_factory=set)
    plural: str | None = None


@dataclass(slots=True)
class Module:
    """One source file with what its names stand for."""

    name: str
    file: str
    tree: ast.Module
    names: dict[str, Symbol]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a call stands: its module, class (empty outside one) and innermost function."""

    module: Module
    klass: str
    function: ast.FunctionDef | ast.AsyncFunctionDef | None
    symbol: Symbol | None


class FormattedTooEarly(Exception):
    """An f-string stands where a sentence is expected, and can never match a catalogue.

    The text is the place. Name what changes in braces and give its value beside the sentence.
    """


def find_sentences(root: Path) -> list[Sentence]:
    """All sentences below `root`/app, sorted by message."""
    modules = [read_module(path, root) for path in sorted((root / "app").rglob("*.py"))]
    speakers = find_speakers(modules)
    found: dict[tuple[str, str | None], set[str]] = {}
    for module in modules:
        for call, scope in calls(module):
            for message, plural in spoken_literals(call, scope, speakers):
                found.setdefault((message, plural), set()).add(module.file)
    plurals = {message for message, plural in found if plural}
    return [
        Sentence(message, plural, tuple(sorted(files)))
        for (message, plural), files in sorted(found.items(), key=lambda item: item[0][0])
        if plural or message not in plurals
    ]


def read_module(path: Path, root: Path) -> Module:
    """Parse one file and learn what its imported and defined names stand for."""
    relative = path.relative_to(root)
    name = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
    tree = ast.parse(path.read_text(encoding="utf-8"), str(relative))
    names: dict[str, Symbol] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = (node.module, alias.name)
    for definition in tree.body:
        if isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names[definition.name] = (name, definition.name)
    return Module(name, relative.as_posix(), tree, names)


def find_speakers(modules: Sequence[Module]) -> dict[Symbol, Speaker]:
    """Follow parameters into `Text` until no further function turns out to speak."""
    speakers: dict[Symbol, Speaker] = {}
    for module in modules:
        for scope, definition in functions(module):
            if scope.symbol is not None:
                speakers[scope.symbol] = Speaker(parameters_of(definition, scope))
    speakers[TEXT] = Speaker(("message", "values", "plural"), {"message"}, "plural")
    bases = find_bases(modules)
    for heir in bases:
        ancestor = heir
        while ancestor not in speakers and ancestor in bases:
            ancestor = bases[ancestor]
        if ancestor in speakers:
            speakers[heir] = speakers[ancestor]
    for (module_name, heir_name), parent in bases.items():
        if parent in speakers:
            speakers[(module_name, f"{heir_name}.{SUPER}")] = speakers[parent]
    while any(pass_on(module, speakers) for module in modules):
        pass
    return speakers


def find_bases(modules: Iterable[Module]) -> dict[Symbol, Symbol]:
    """The base of every class that has one of ours or an imported one."""
    bases: dict[Symbol, Symbol] = {}
    for module in modules:
        scope = Scope(module, "", None, None)
        for node in module.tree.body:
            if not isinstance(node, ast.ClassDef):
                continue
            for base in node.bases:
                target = symbol_of(base, scope)
                if target is not None:
                    bases.setdefault((module.name, node.name), target)
    return bases


def pass_on(module: Module, speakers: dict[Symbol, Speaker]) -> bool:
    """One round of `find_speakers` over one module; True when somebody new speaks."""
    changed = False
    for call, scope in calls(module):
        own = speakers.get(scope.symbol) if scope.symbol else None
        if own is None:
            continue
        for value, _ in spoken_arguments(call, scope, speakers):
            for node in branches(value):
                if (
                    isinstance(node, ast.Name)
                    and node.id in own.parameters
                    and node.id not in own.spoken
                ):
                    own.spoken.add(node.id)
                    changed = True
    return changed


def functions(
    module: Module,
) -> Iterator[tuple[Scope, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Functions and methods of a module, with a class's `__init__` under the class's name."""
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Scope(module, "", node, (module.name, node.name)), node
        elif isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef):
                    init = member.name == "__init__"
                    name = node.name if init else f"{node.name}.{member.name}"
                    yield Scope(module, node.name, member, (module.name, name)), member


def parameters_of(
    definition: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope
) -> tuple[str, ...]:
    """Names of the parameters a caller gives, positional ones in order."""
    given = definition.args
    names = [argument.arg for argument in [*given.posonlyargs, *given.args, *given.kwonlyargs]]
    static = any(
        isinstance(d, ast.Name) and d.id == "staticmethod" for d in definition.decorator_list
    )
    return tuple(names[1:] if scope.klass and not static else names)


def calls(module: Module) -> Iterator[tuple[ast.Call, Scope]]:
    """Every call of a module with the function it stands in."""
    inside: set[ast.AST] = set()
    for scope, definition in functions(module):
        for node in ast.walk(definition):
            inside.add(node)
            if isinstance(node, ast.Call):
                yield node, scope
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and node not in inside:
            yield node, Scope(module, "", None, None)


def symbol_of(node: ast.expr, scope: Scope) -> Symbol | None:
    """What a called name stands for, as far as it can be read: no types are followed."""
    names = scope.module.names
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if not isinstance(node, ast.Attribute):
        return None
    owner = node.value
    if isinstance(owner, ast.Name):
        if owner.id in ("self", "cls") and scope.klass:
            return (scope.module.name, f"{scope.klass}.{node.attr}")
        if owner.id in names:
            module, name = names[owner.id]
            return (f"{module}.{name}", node.attr)
    if (
        node.attr == "__init__"
        and isinstance(owner, ast.Call)
        and isinstance(owner.func, ast.Name)
        and owner.func.id == "super"
    ):
        return (scope.module.name, f"{scope.klass}.{SUPER}")
    return None


def spoken_arguments(
    call: ast.Call, scope: Scope, speakers: dict[Symbol, Speaker]
) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Arguments of the call that become sentences, each with the plural given beside it."""
    symbol = symbol_of(call.func, scope)
    speaker = speakers.get(symbol) if symbol else None
    if speaker is None or not speaker.spoken:
        return
    given = dict(zip(speaker.parameters, call.args, strict=False))
    given.update({word.arg: word.value for word in call.keywords if word.arg})
    plural = given.get(speaker.plural) if speaker.plural else None
    for name in speaker.parameters:
        if name in speaker.spoken and name in given:
            yield given[name], plural


def spoken_literals(
    call: ast.Call, scope: Scope, speakers: dict[Symbol, Speaker]
) -> Iterator[tuple[str, str | None]]:
    """Literal sentences of one call with their plural forms."""
    for value, plural in spoken_arguments(call, scope, speakers):
        for node in branches(value):
            if isinstance(node, ast.JoinedStr):
                raise FormattedTooEarly(f"{scope.module.file}:{node.lineno}")
            for message in literals(node, scope):
                second = plural.value if isinstance(plural, ast.Constant) else None
                yield message, second if isinstance(second, str) else None


def branches(node: ast.expr) -> Iterator[ast.expr]:
    """Both ends of `a if … else b` and of `a or b`, else the expression itself."""
    if isinstance(node, ast.IfExp):
        yield from branches(node.body)
        yield from branches(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from branches(value)
    else:
        yield node


def literals(node: ast.expr, scope: Scope) -> Iterator[str]:
    """The string itself, or all strings the function assigns to the name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and scope.function is not None:
        for statement in ast.walk(scope.function):
            if isinstance(statement, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == node.id
                for target in statement.targets
            ):
                for branch in branches(statement.value):
                    if isinstance(branch, ast.Constant) and isinstance(branch.value, str):
                        yield branch.value
