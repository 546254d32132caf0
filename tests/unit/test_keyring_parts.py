"""Secrets longer than an entry of the keyring: whole or not at all, whatever happens in between."""

import itertools
from datetime import UTC, datetime
from pathlib import Path

import keyring
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from limited_keyring import Crash, LimitedKeyring

from app.domain.errors import ConfigurationError, SecretMissing, Service
from app.domain.sign_in import KeptSignIn
from app.host.secrets import KeyringSecrets, variable
from app.host.sign_ins import KeyringShelf, decode, encode, shelves_of

NAME = "source.sign_in"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def limited():
    before, backend = keyring.get_keyring(), LimitedKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def value(letter: str, length: int) -> str:
    return letter * length


def read() -> str | None:
    try:
        return KeyringSecrets({}).get("contoso", NAME)
    except SecretMissing:
        return None


def write(text: str) -> None:
    KeyringSecrets({}).set("contoso", NAME, text)


@pytest.mark.parametrize("length", [1, 1280, 1281, 2560, 2561, 9000])
@pytest.mark.parametrize("letter", ["a", "é", "\N{GRINNING FACE}", "\x00"])
def test_any_length_of_any_letter_fits(limited: LimitedKeyring, letter: str, length: int) -> None:
    write(value(letter, length))
    assert read() == value(letter, length)


@settings(max_examples=60)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3000)))
def test_the_last_value_counts_and_nothing_else_is_left(texts: list[str]) -> None:
    before, backend = keyring.get_keyring(), LimitedKeyring()
    keyring.set_keyring(backend)
    try:
        for text in texts:
            write(text)
            assert read() == text
        KeyringSecrets({}).delete("contoso")
        assert backend.entries == {}
    finally:
        keyring.set_keyring(before)


@pytest.mark.parametrize(
    ("old", "new"), list(itertools.product([0, 100, 3000, 9000], [100, 3000, 9000]))
)
def test_a_crash_at_any_write_leaves_the_old_or_the_new(old: int, new: int) -> None:
    before = keyring.get_keyring()
    was, wanted = (value("o", old) if old else None), value("n", new)
    seen = set()
    try:
        for cut in itertools.count():
            backend = LimitedKeyring()
            keyring.set_keyring(backend)
            if was is not None:
                write(value("x", 7000))
                write(was)
            backend.writes_left = cut
            try:
                write(wanted)
            except Crash:
                pass
            else:
                break
            backend.writes_left = None
            left = read()
            assert left in (was, wanted)
            seen.add(left)
            # The next writer and the broom find nothing in their way.
            write(value("z", 5000))
            assert read() == value("z", 5000)
            KeyringSecrets({}).delete("contoso")
            assert backend.entries == {}
    finally:
        keyring.set_keyring(before)
    assert was in seen


def test_a_reader_never_mixes_two_values(limited: LimitedKeyring) -> None:
    """Another process writes twice between any two reads of one."""
    write(value("o", 9000))
    turns = iter("abcdefgh")

    def meanwhile(user: str) -> None:
        if user.endswith("/1") and limited.after_read is meanwhile:
            limited.after_read = lambda _user: None
            for _ in range(2):
                write(value(next(turns), 9000))
            limited.after_read = meanwhile if interruptions.pop() else lambda _user: None

    interruptions = [False, True, True]
    limited.after_read = meanwhile
    found = read()
    assert found is not None
    assert len(set(found)) == 1
    assert len(found) == 9000


def test_lost_parts_mean_that_there_is_nothing(limited: LimitedKeyring) -> None:
    write(value("o", 9000))
    del limited.entries["contoso/source.sign_in/a/1"]
    assert read() is None


def test_a_value_that_looks_like_a_head_is_a_value(limited: LimitedKeyring) -> None:
    text = f"rollcall-parts:1:a:1:{'0' * 64}"
    write(text)
    assert read() == text


def test_a_sign_in_comes_from_the_keyring_alone(limited: LimitedKeyring) -> None:
    secrets = KeyringSecrets({variable("contoso", NAME): "typed"})
    with pytest.raises(SecretMissing):
        secrets.get("contoso", NAME)
    with pytest.raises(ConfigurationError, match="shoe"):
        secrets.set("contoso", "shoe", "x")


def shelf(folder: Path) -> KeyringShelf:
    return KeyringShelf(KeyringSecrets({}), "contoso", Service.SOURCE, folder, lambda: NOW)


def test_a_shelf_keeps_what_was_put_on_it(limited: LimitedKeyring, tmp_path: Path) -> None:
    kept = shelf(tmp_path)
    assert kept.load() is None
    kept.save("r" * 4000, "client", "admin@contoso.example")
    found = shelf(tmp_path).load()
    assert found == KeptSignIn("r" * 4000, "client", "admin@contoso.example", NOW)
    assert "rrrr" not in repr(found)
    assert shelves_of(KeyringSecrets({}), "contoso", tmp_path, lambda: NOW).target.load() is None
    assert "rollcall sign-in -p contoso --side source" in str(kept.advice)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 2}', "null"])
def test_what_no_shelf_wrote_is_no_sign_in(text: str) -> None:
    assert decode(text) is None
    assert decode(encode(KeptSignIn("r", "c", "u", NOW))) is not None


def test_one_turn_at_a_time_and_another_one_after_it(tmp_path: Path) -> None:
    first, second = shelf(tmp_path), shelf(tmp_path)
    assert first.begin_turn()
    assert not second.begin_turn()
    first.end_turn()
    assert second.begin_turn()
    second.end_turn()


@pytest.mark.keyring
def test_a_real_keyring_keeps_a_sign_in_in_parts(tmp_path: Path) -> None:
    kept = shelf(tmp_path)
    for token in ("r" * 5000, "s" * 300, "ü" * 3000):
        kept.save(token, "client", "admin")
        found = kept.load()
        assert found is not None
        assert found.refresh_token == token
    KeyringSecrets({}).delete("contoso")
    assert kept.load() is None
