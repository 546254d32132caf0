"""Finding sentences in the sources: everything that reaches `Text`, and nothing else."""

import pytest
from sentences import FormattedTooEarly, find_sentences

TEXTS = """
class Text:
    def __init__(self, message, values=None, plural=None): ...
"""

ERRORS = """
from app.domain.texts import Text

class Trouble(Exception):
    def __init__(self, text, advice=None):
        self.text = Text(text) if isinstance(text, str) else text
        self.advice = Text(advice) if advice else None

class Coded(Trouble):
    def __init__(self, code, text, advice=None):
        super().__init__(text, advice)

class Gone(Trouble):
    def __init__(self):
        super().__init__("It is gone")
"""


def sentences_of(tmp_path, source):
    (tmp_path / "app" / "domain").mkdir(parents=True)
    (tmp_path / "app" / "domain" / "texts.py").write_text(TEXTS)
    (tmp_path / "app" / "domain" / "errors.py").write_text(ERRORS)
    (tmp_path / "app" / "work.py").write_text(
        "from app.domain.texts import Text\nfrom app.domain import errors\n"
        "from app.domain.errors import Coded, Trouble\n" + source
    )
    return {found.message: found.plural for found in find_sentences(tmp_path)}


def test_texts_and_errors_with_advice(tmp_path):
    found = sentences_of(
        tmp_path,
        'raise Trouble("It broke", advice="Mend it")\n'
        'raise Coded("Code", "It failed", "Wait")\n'
        'raise errors.Coded("Other", Text("{n} failed", {"n": "number"}))\n',
    )
    assert set(found) == {"It is gone", "It broke", "Mend it", "It failed", "Wait", "{n} failed"}


def test_plural_forms_win_over_the_same_sentence_without(tmp_path):
    found = sentences_of(
        tmp_path, 'Text("{n} person", {}, plural="{n} people")\nText("{n} person")\n'
    )
    assert found["{n} person"] == "{n} people"


def test_shorthands_choices_and_names_are_followed(tmp_path):
    found = sentences_of(
        tmp_path,
        "def about(who, sentence):\n    return Text(sentence, {'who': who})\n"
        "class Page:\n"
        "    def tell(self, sentence): return about('name of somebody', sentence)\n"
        "    def show(self): self.tell('Told by a method')\n"
        "def say(late):\n"
        "    kept = 'Kept in a name'\n"
        "    about('somebody', kept)\n"
        "    return about('not a sentence', 'Early' if not late else 'Late')\n",
    )
    assert set(found) == {"It is gone", "Told by a method", "Kept in a name", "Early", "Late"}


def test_a_sentence_formatted_too_early_is_named_with_its_place(tmp_path):
    with pytest.raises(FormattedTooEarly, match=r"app/work\.py:4"):
        sentences_of(tmp_path, 'Trouble(f"It {1} broke")\n')
