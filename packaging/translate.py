"""Keeps the translations in step with the sources.

    python packaging/translate.py            extract what is new, drop what is gone, compile
    python packaging/translate.py --check    say what is missing or stale; change nothing

Two kinds of catalogue, both below `resources/translations`: gettext for sentences of the engine
and the command line (key: the English sentence), Qt Linguist for the window. New entries wait
there with an empty translation. Nothing written depends on the day, the machine or line numbers.
"""

from __future__ import annotations

import argparse
import io
import shutil
import string
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from sentences import FormattedTooEarly, Sentence, find_sentences

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "resources" / "translations"
LANGUAGE = "fr"
PO = Path(LANGUAGE) / "LC_MESSAGES" / "rollcall.po"
WINDOW = {"fr": (), "en": ("-pluralonly",)}
"""Languages of the window; English needs a catalogue for its plurals alone."""

NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)
CHURN = (b'"POT-Creation-Date:', b'"PO-Revision-Date:', b'"Generated-By:', b'"Last-Translator:',
         b'"Language-Team:', b'"Report-Msgid-Bugs-To:')  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when everything is translated and fresh."""
    parser = argparse.ArgumentParser(description="Keeps the translations in step.")
    parser.add_argument("--check", action="store_true", help="change nothing, only say")
    check = parser.parse_args(arguments).check
    try:
        sentences = find_sentences(ROOT)
    except FormattedTooEarly as place:
        print(f"{place}: an f-string cannot be translated; name its places in braces")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "translations"
        if TRANSLATIONS.exists():
            shutil.copytree(TRANSLATIONS, fresh)
        update_sentences(fresh, sentences)
        update_window(fresh)
        problems = [*untranslated_sentences(fresh), *untranslated_window(fresh)]
        if check:
            problems += stale_files(fresh)
        else:
            shutil.copytree(fresh, TRANSLATIONS, dirs_exist_ok=True)
    for problem in problems:
        print(problem)
    print(f"{len(sentences)} sentences; {len(problems)} to do" if problems else "All translated.")
    return 1 if problems and check else 0


def update_sentences(folder: Path, sentences: Sequence[Sentence]) -> None:
    """Bring the gettext catalogue to exactly these sentences, keeping their translations."""
    path = folder / PO
    old = read_catalogue(path)
    new = Catalog(
        LANGUAGE,
        domain="rollcall",
        project="Rollcall",
        version="",
        creation_date=NO_DAY,
        revision_date=NO_DAY,
        header_comment="# French sentences of the engine and the command line.",
        fuzzy=False,
    )
    for sentence in sentences:
        known = old.get(sentence.message)
        key: str | tuple[str, str] = sentence.message
        empty: str | tuple[str, str] = ""
        if sentence.plural is not None:
            key, empty = (sentence.message, sentence.plural), ("", "")
        kept = known.string if known is not None and known.id == key else empty
        new.add(key, kept, locations=[(file, 0) for file in sentence.files])
    written = io.BytesIO()
    write_po(written, new, width=100, sort_output=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = written.getvalue().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not line.startswith(CHURN)))
    with path.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, new)


def read_catalogue(path: Path) -> Catalog:
    """The catalogue as it is; empty where there is none yet."""
    if not path.exists():
        return Catalog(LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, LANGUAGE)


def update_window(folder: Path) -> None:
    """Run Qt's lupdate and lrelease for every language of the window."""
    sources = sorted(
        path.relative_to(ROOT).as_posix()
        for package in ("ui", "bridge")
        for path in (ROOT / "app" / package).rglob("*.py")
    )
    sources += sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "app").glob("*.py"))
    for language, options in WINDOW.items():
        catalogue = folder / f"rollcall_{language}.ts"
        qt_tool(
            "lupdate",
            *("-silent", "-no-obsolete", "-locations", "none", *options),
            *("-source-language", "en", "-target-language", language),
            *sources,
            *("-ts", str(catalogue)),
        )
        qt_tool("lrelease", "-silent", str(catalogue), "-qm", str(catalogue.with_suffix(".qm")))


def qt_tool(name: str, *arguments: str) -> None:
    """Run a tool of PySide6; what it complains about ends this command."""
    tool = Path(sys.executable).with_name(f"pyside6-{name}")
    done = subprocess.run(
        [str(tool), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    said = (done.stdout + done.stderr).strip()
    if done.returncode != 0:
        sys.exit(f"{name} failed: {said}")
    if said:
        print(said)


def untranslated_sentences(folder: Path) -> Iterator[str]:
    """Sentences without a French form, or whose form names other places than the sentence."""
    for message in read_catalogue(folder / PO):
        if not message.id:
            continue
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        said = message.string or ""
        forms = (said,) if isinstance(said, str) else tuple(said)
        if not all(forms):
            yield f"{PO.as_posix()}: not translated: {ids[0]}"
            continue
        wanted = places(ids[-1])
        for form in forms:
            # A singular may say "a person" where the plural says "{n} people".
            if not places(form) <= wanted or not wanted - places(form) <= {"n"}:
                yield f"{PO.as_posix()}: other places in braces: {ids[0]}"


def places(sentence: str) -> frozenset[str]:
    """Names in braces."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def untranslated_window(folder: Path) -> Iterator[str]:
    """Texts of the window without a form, or whose form names other places."""
    for language in WINDOW:
        name = f"rollcall_{language}.ts"
        for context in ET.parse(folder / name).iter("context"):
            where = f"{name}: {context.findtext('name')}"
            for message in context.iter("message"):
                yield from problems_of(message, where)


def problems_of(message: ET.Element, where: str) -> Iterator[str]:
    """What is wrong with one text of the window."""
    source = message.findtext("source") or ""
    translation = message.find("translation")
    if translation is None or translation.get("type") == "unfinished":
        yield f"{where}: not translated: {source}"
        return
    forms = [form.text or "" for form in translation.iter("numerusform")] or [
        translation.text or ""
    ]
    if not all(forms):
        yield f"{where}: not translated: {source}"
    elif any(places(form) != places(source) for form in forms):
        yield f"{where}: other places in braces: {source}"


def stale_files(fresh: Path) -> Iterator[str]:
    """Files that this command would write differently."""
    for path in sorted(fresh.rglob("*")):
        name = path.relative_to(fresh)
        current = TRANSLATIONS / name
        if path.is_file() and (not current.exists() or current.read_bytes() != path.read_bytes()):
            yield f"{name.as_posix()}: not fresh; run python packaging/translate.py"


if __name__ == "__main__":
    sys.exit(main())
