"""A digest in words of one language: as text, and as HTML that every mail program shows.

The HTML is one column with inline styles in the light tokens of the window, no pictures, nothing
fetched from anywhere. Everything said is escaped: names come from a directory.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from app.domain.activity import Status
from app.domain.notices import Digest, Letter, People, Section
from app.domain.texts import Text, Translator

_WINDOW, _SURFACE, _SUNKEN, _BORDER = "#F5F6F8", "#FFFFFF", "#ECEEF2", "#DADDE4"
_TEXT, _TEXT2 = "#1A1D24", "#545A68"
_COLOURS = {
    Status.FAILURE: ("#B3261E", "#FBE6E4"),
    Status.WARNING: ("#855600", "#FBF0D9"),
    Status.SUCCESS: ("#1A7340", "#E3F3E9"),
    Status.SKIPPED: (_TEXT2, _SUNKEN),
}
_MARKS = {Status.FAILURE: "✗", Status.WARNING: "▲", Status.SUCCESS: "✓", Status.SKIPPED: "–"}
_WORDS = {
    Status.FAILURE: Text("Failure"),
    Status.WARNING: Text("Needs a look"),
    Status.SUCCESS: Text("All well"),
    Status.SKIPPED: Text("Skipped"),
}
_FONT = "font-family:'Segoe UI',-apple-system,Roboto,'Helvetica Neue',Arial,sans-serif"
_LANGUAGE = Text("en")
"""Its translation is the code of the language, for screen readers."""
_TO_DO = Text("What to do")
_ONCE = Text("Rollcall writes once when something begins and once when it is over.")


def write_letter(digest: Digest, translator: Translator) -> Letter:
    """The mail in the language of `translator`."""
    return Letter(
        translator.render(digest.subject),
        _Text(translator).of(digest),
        _Html(translator).of(digest),
    )


def write_test_letter(profile: str, translator: Translator) -> Letter:
    """The mail of `rollcall test-mail`."""
    subject = translator.render(Text("Rollcall can reach you"))
    said = Text(
        "This is the test mail of the profile {profile}. Rollcall writes to this address when "
        "something fails, waits for a decision, or is well again.",
        {"profile": profile},
    )
    body = translator.render(said)
    page = _Html(translator)
    html = page.page(page.paragraph(escape(body)))
    return Letter(subject, f"{body}\n", html)


def _facts(digest: Digest) -> Text:
    return Text(
        "Profile {profile}, {time}",
        {"profile": digest.profile, "time": f"{digest.at:%Y-%m-%d %H:%M} UTC"},
    )


def _more(people: People) -> Text | None:
    if not people.more:
        return None
    return Text("and {n} more", {"n": people.more}, plural="and {n} more")


class _Text:
    """Plain text."""

    def __init__(self, translator: Translator) -> None:
        self._say = translator.render

    def of(self, digest: Digest) -> str:
        lines: list[str] = []
        for section in digest.sections:
            lines += [*self._section(section), ""]
        lines += ["-- ", self._say(_facts(digest)), self._say(_ONCE)]
        return "\n".join(lines) + "\n"

    def _section(self, section: Section) -> Iterator[str]:
        yield f"{_MARKS[section.status]} {self._say(section.title)}"
        yield ""
        yield self._say(section.happened)
        yield ""
        yield self._say(Text("What to do: {what}", {"what": section.to_do}))
        for people in section.people:
            yield ""
            yield f"{self._say(people.cause)} ({len(people.names) + people.more})"
            yield from (f"  - {' '.join(name.split())}" for name in people.names)
            more = _more(people)
            if more is not None:
                yield f"  - {self._say(more)}"


class _Html:
    """A page of cards, one for each section."""

    def __init__(self, translator: Translator) -> None:
        self._render = translator.render

    def of(self, digest: Digest) -> str:
        cards = "".join(self._card(section) for section in digest.sections)
        return self.page(cards + self._small(_facts(digest)) + self._small(_ONCE))

    def page(self, inside: str) -> str:
        return (
            f'<!DOCTYPE html><html lang="{self._say(_LANGUAGE)}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"></head>'
            f'<body style="margin:0;padding:24px 12px;background:{_WINDOW};color:{_TEXT};'
            f'{_FONT};font-size:15px;line-height:1.5"><div style="max-width:640px;margin:0 auto">'
            f'<p style="margin:0 0 12px;color:{_TEXT2};font-size:13px;font-weight:600">Rollcall</p>'
            f"{inside}</div></body></html>"
        )

    def paragraph(self, inside: str) -> str:
        return f'<p style="margin:0 0 12px">{inside}</p>'

    def _say(self, text: Text) -> str:
        return escape(self._render(text))

    def _card(self, section: Section) -> str:
        colour, subtle = _COLOURS[section.status]
        people = "".join(self._people(one) for one in section.people)
        return (
            f'<div style="background:{_SURFACE};border:1px solid {_BORDER};border-left:4px solid '
            f'{colour};border-radius:8px;padding:18px 20px 14px;margin:0 0 14px">'
            f'<p style="margin:0 0 6px"><span style="background:{subtle};color:{colour};'
            'border-radius:10px;padding:2px 9px;font-size:12px;font-weight:600">'
            f"{_MARKS[section.status]}&nbsp;{self._say(_WORDS[section.status])}</span></p>"
            f'<h2 style="margin:0 0 10px;font-size:19px;line-height:1.25">'
            f"{self._say(section.title)}</h2>"
            f"{self.paragraph(self._say(section.happened))}"
            f'<div style="background:{_SUNKEN};border-radius:6px;padding:10px 14px;'
            'margin:0 0 12px">'
            f"<b>{self._say(_TO_DO)}</b><br>{self._say(section.to_do)}</div>{people}</div>"
        )

    def _people(self, people: People) -> str:
        more = _more(people)
        names = "".join(f"<li>{escape(name)}</li>" for name in people.names)
        if more is not None:
            names += f'<li style="color:{_TEXT2}">{self._say(more)}</li>'
        number = len(people.names) + people.more
        return (
            f'<p style="margin:12px 0 4px"><b>{self._say(people.cause)}</b> '
            f'<span style="color:{_TEXT2}">({number})</span></p>'
            f'<ul style="margin:0 0 8px;padding-left:20px;font-size:14px">{names}</ul>'
        )

    def _small(self, text: Text) -> str:
        return f'<p style="margin:0;color:{_TEXT2};font-size:13px">{self._say(text)}</p>'
