"""The pages of the practice sign-in services: plain, with a button."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import datetime

from app.sandbox.grants import Authorizations
from app.sandbox.wire import Answer, Call

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.1rem system-ui, sans-serif; max-width: 34rem; margin: 20vh auto 0; }}
button {{ font: inherit; padding: .4rem 1rem; margin-right: .5rem; }}
</style></head>
<body><h1>{title}</h1>{body}</body></html>
"""


def page(title: str, body: str, status: int = 200) -> Answer:
    """A page; `body` is HTML."""
    content = _PAGE.format(title=html.escape(title), body=body).encode()
    headers = {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}
    return Answer(status, content, headers)


def said(title: str, words: str, status: int = 200) -> Answer:
    """A page that only says something."""
    return page(title, f"<p>{html.escape(words)}</p>", status)


def question(title: str, user: str, action: str, hidden: Mapping[str, str]) -> Answer:
    """The page with the buttons; they post to `action`."""
    fields = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in hidden.items()
    )
    return page(
        title,
        f'<form method="post" action="{html.escape(action)}">{fields}'
        f'<p><button name="decision" value="allow" id="allow">Sign in as {html.escape(user)}'
        '</button><button name="decision" value="decline" id="decline">Decline</button></p></form>',
    )


def code_form(title: str, action: str) -> Answer:
    """Where the code of a device is entered."""
    return page(
        title,
        f'<form method="get" action="{html.escape(action)}">'
        '<p><label>Code <input name="user_code" id="user_code" autofocus></label> '
        '<button id="go">Next</button></p></form>',
    )


def decided(title: str, pages: Authorizations, call: Call, now: datetime) -> Answer:
    """A button of `question` was pressed: on to the program, unless the page is used already."""
    form = call.form()
    allow = form.get("decision") == "allow"
    address = pages.decide(form.get("request", ""), allow=allow, now=now)
    if address is None:
        return said(title, "This page was used already. Begin again in the program.", 400)
    return sent(address)


def sent(address: str) -> Answer:
    """On to another address."""
    return Answer(303, None, {"location": address})
