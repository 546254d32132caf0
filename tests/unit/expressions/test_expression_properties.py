"""One rule for each function, said another way and tried on values nobody thought of."""

from __future__ import annotations

import base64
import calendar
import re
import string
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from expression_world import NOW, context, quoted, value
from hypothesis import assume, given
from hypothesis import strategies as st

from app.mapping.expression import compile_expression
from app.mapping.values import Flow

SURROGATES = ("Cs",)
TEXT = st.text(st.characters(exclude_categories=SURROGATES), max_size=30)
LATIN = st.text("aàâäbcçdeéèfghiïjklmnñoöpqrsßtuüvwxyzAÄÖÜÉŁłøæœı '-.", max_size=30)
SMALL = st.integers(-5, 40)
LISTS = st.lists(TEXT, max_size=5).map(tuple)
MOMENTS = st.datetimes(datetime(1601, 1, 1), datetime(9990, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def service_form(moment: datetime) -> str:
    half = moment.strftime("%I:%M:%S %p").lstrip("0")
    return f"{moment.month}/{moment.day}/{moment.year:04d} {half}"


@given(TEXT, TEXT)
def test_append(one: str, other: str) -> None:
    found = value("Append([a], [b])", a=one, b=other)
    assert isinstance(found, str)
    assert found.startswith(one)
    assert found.endswith(other)
    assert len(found) == len(one) + len(other)


@given(st.lists(st.text("abc", min_size=1, max_size=3), max_size=4))
def test_join_is_the_inverse_of_split(parts: list[str]) -> None:
    joined = value('Join(";", [a])', a=tuple(parts))
    found = value('Split([a], ";")', a=joined)
    assert found == (tuple(parts) or None)


@given(TEXT, st.integers(0, 40))
def test_left_and_mid_share_a_text(text: str, count: int) -> None:
    left = value("Left([a], [n])", a=text, n=count)
    rest = value("Mid([a], [n], 99)", a=text, n=count + 1)
    assert f"{left}{rest}" == text
    assert value("Len([a])", a=left) == min(count, len(text))


@given(TEXT, st.integers(1, 20), st.integers(0, 20))
def test_mid_gives_the_characters_at_their_positions(text: str, start: int, length: int) -> None:
    wanted = [one for at, one in enumerate(text, 1) if start <= at < start + length]
    assert value("Mid([a], [s], [l])", a=text, s=start, l=length) == "".join(wanted)


@given(st.text("abAB", max_size=12), st.text("abAB", min_size=1, max_size=3), st.integers(1, 14))
def test_instr_is_the_first_place_that_fits(text: str, part: str, start: int) -> None:
    places = [at for at in range(start, len(text) + 1) if text[at - 1 :][: len(part)] == part]
    assert value("InStr([a], [b], [s])", a=text, b=part, s=start) == min(places, default=0)
    folded = value("InStr([a], [b], [s], vbTextCompare)", a=text, b=part, s=start)
    assert folded == value("InStr([a], [b], [s])", a=text.lower(), b=part.lower(), s=start)


@given(TEXT)
def test_case_never_changes_the_length(text: str) -> None:
    for function in ("ToLower", "ToUpper"):
        once = value(f"{function}([a])", a=text)
        assert isinstance(once, str)
        assert len(once) == len(text)
        assert value(f"{function}([a])", a=once) == once


@given(st.text(string.ascii_letters + string.digits + " .", max_size=20))
def test_turkish_case_differs_in_the_letter_i_alone(text: str) -> None:
    assert value('ToUpper([a], "tr")', a=text) == text.replace("i", "İ").upper()
    assert value('ToLower([a], "az")', a=text) == text.replace("I", "ı").lower()


@given(st.text(string.ascii_letters + " -'_.,&$+", max_size=30))
def test_pcase_capitals_stand_at_the_beginning_of_words(text: str) -> None:
    words = re.findall("[A-Za-z]+|[^A-Za-z]+", text)
    assert value("PCase([a])", a=text) == "".join(word.capitalize() for word in words)


@given(TEXT)
def test_strip_spaces(text: str) -> None:
    assert value("StripSpaces([a])", a=text) == "".join(text.split(" "))


@given(TEXT | LATIN)
def test_normalize_diacritics(text: str) -> None:
    found = value("NormalizeDiacritics([a])", a=text)
    assert isinstance(found, str)
    marks = [
        one for one in unicodedata.normalize("NFD", found) if unicodedata.category(one)[0] == "M"
    ]
    assert not marks
    spelt = unicodedata.normalize("NFD", text)
    for letter, plain in zip(
        "æøœßłıÆØŒŁ", ["ae", "oe", "oe", "ss", "l", "i", "AE", "OE", "OE", "L"], strict=True
    ):
        spelt = spelt.replace(letter, plain)
    bare = "".join(one for one in spelt if not unicodedata.category(one).startswith("M"))
    assert unicodedata.normalize("NFC", found) == unicodedata.normalize("NFC", bare)


@given(st.text("ab ,;", max_size=15), st.sampled_from([" ", ",", " ,", ";, "]), SMALL)
def test_word(text: str, marks: str, number: int) -> None:
    runs = re.findall(f"[^{re.escape(marks)}]+", text)
    wanted = runs[number - 1] if 0 < number <= len(runs) else ""
    assert value("Word([a], [n], [m])", a=text, n=number, m=marks) == wanted


@given(TEXT, st.text("ab", min_size=1, max_size=2), TEXT)
def test_replace_text_and_template(source: str, old: str, other: str) -> None:
    assert value("Replace([a], [o], , , [b])", a=source, o=old, b=other) == other.join(
        source.split(old)
    )
    assert value("Replace([a], [o], , , , , [t])", a=source, o=old, t=other) == source.join(
        other.split(old)
    )


@given(st.text("ab1-", max_size=12), st.sampled_from(["a*", "b+", "1|", "", "a?b", "-"]), TEXT)
def test_replace_by_pattern_is_as_in_any_modern_engine(text: str, pattern: str, new: str) -> None:
    assume("$" not in new)
    found = value("Replace([a], , [p], , [n])", a=text, p=pattern, n=new)
    assert found == re.sub(pattern, lambda _match: new, text)


@given(st.text("x=12;", max_size=15), st.text("xyz$", max_size=3))
def test_replace_a_group_leaves_the_rest(text: str, new: str) -> None:
    found = value('Replace([a], , "x=(?<v>[12]+);", "v", [n])', a=text, n=new)
    assert found == re.sub("(?<=x=)[12]+(?=;)", lambda _match: new, text)


@given(st.text("ab1-", max_size=8), st.text("ab1-", max_size=8))
def test_replace_falls_back_to_another_attribute(source: str, other: str) -> None:
    found = value('Replace([a], , "(?<n>1+)", "n", , [b], )', a=source, b=other)
    ones = re.search("1+", other)
    assert found == (source or (ones[0] if ones else None))


@given(TEXT)
def test_encodings_come_back(text: str) -> None:
    encoded = value("ConvertToBase64([a])", a=text)
    assert isinstance(encoded, str)
    assert base64.b64decode(encoded).decode("utf-16-le") == text
    assert value("ConvertFromBase64([a])", a=encoded) == text
    utf8 = base64.b64encode(text.encode()).decode()
    assert value('ConvertFromBase64([a], "UTF8")', a=utf8) == text
    digits = value("ConvertToUTF8Hex([a])", a=text)
    assert isinstance(digits, str)
    assert bytes.fromhex(digits).decode() == text
    assert digits == digits.upper()


@given(LISTS | TEXT)
def test_trim(values: tuple[str, ...] | str) -> None:
    found = value("Trim([a])", a=values)
    if isinstance(values, str):
        assert found == values.strip()
    else:
        assert found == (tuple(one.strip() for one in values) or None)


@given(st.lists(st.text(string.ascii_letters, min_size=1, max_size=5), min_size=1, max_size=4))
def test_dn_component(names: list[str]) -> None:
    dn = ",".join(f"OU={name}" for name in names)
    for at, name in enumerate(names, 1):
        assert value("DNComponent([a], [n])", a=dn, n=at) == name


@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=6), st.integers(0, 99))
def test_string_from_sid(parts: list[int], authority: int) -> None:
    data = bytes([1, len(parts)]) + authority.to_bytes(6, "big")
    data += b"".join(part.to_bytes(4, "little") for part in parts)
    wanted = "-".join(["S", "1", str(authority), *map(str, parts)])
    assert value("StringFromSid([a])", a=base64.b64encode(data).decode()) == wanted


ANY = st.one_of(st.none(), st.booleans(), st.integers(-99, 99), TEXT)


@given(ANY, ANY)
def test_comparisons_are_of_text(one: object, other: object) -> None:
    written = ["" if each is None else str(each) for each in (one, other)]
    equal = written[0] == written[1]
    assert value("IIF([a] = [b], 1, 0)", a=one, b=other) == int(equal)
    assert value("IIF([a] <> [b], 1, 0)", a=one, b=other) == int(not equal)
    assert value('Switch([a], "no", [b], "yes")', a=one, b=other) == ("yes" if equal else "no")


@given(st.integers(-999, 999), st.decimals(-999, 999, places=2))
def test_orderings_are_of_numbers(one: int, other: object) -> None:
    for sign, holds in (
        ("<", one < other),
        (">", one > other),
        ("<=", one <= other),
        (">=", one >= other),
    ):  # type: ignore[operator]
        assert value(f"CBool([a] {sign} [b])", a=one, b=str(other)) is holds


@given(ANY, ANY)
def test_questions_about_nothing(one: object, other: object) -> None:
    assert value("Coalesce([a], [b])", a=one, b=other) == (other if one is None else one)
    assert value("IsNull([a])", a=one) is (one is None)
    assert value("IsNullOrEmpty([a])", a=one) is (one in (None, "") and one is not False)
    assert value("IsPresent([a])", a=one) is not value("IsNullOrEmpty([a])", a=one)
    assert value("IsString([a])", a=one) is (one is not None)
    kept = value("IgnoreFlowIfNullOrEmpty([a])", a=one)
    assert kept == (Flow.IGNORE if one in (None, "") else one)


@given(ANY, st.integers(-99, 99))
def test_truths(one: object, number: int) -> None:
    assert value("Not([a])", a=one) is (str(one).strip().lower() != "true")
    assert value("CBool([a])", a=number) is (number != 0)
    assert value("CStr([a])", a=one) == (None if one is None else str(one))


@given(LISTS)
def test_several_values(values: tuple[str, ...]) -> None:
    assert value("Count([a])", a=values) == len(values)
    for at, one in enumerate(values, 1):
        assert value("Item([a], [n])", a=values, n=at) == one
    found = value("RemoveDuplicates([a])", a=values) or ()
    assert isinstance(found, tuple)
    assert set(found) == set(values)
    assert len(found) == len(set(found))
    assert list(found) == sorted(found, key=values.index)


@given(st.integers(0, 2**70), st.integers(0, 2**70))
def test_bit_and(one: int, other: int) -> None:
    wanted = sum(2**bit for bit in range(71) if one >> bit & other >> bit & 1)
    assert value("BitAnd([a], [b])", a=str(one), b=other) == wanted


@given(MOMENTS, OFFSETS)
def test_cdate_applies_the_offset(moment: datetime, zone: timezone) -> None:
    there = moment.replace(microsecond=0).astimezone(zone)
    assert value("CDate([a])", a=there.isoformat()) == service_form(moment)
    assert value("CDate([a])", a=service_form(moment)) == service_form(moment)
    assert value("CDate([a])", a=f"{moment:%Y-%m-%d}".zfill(10)) == service_form(
        moment.replace(hour=0, minute=0, second=0)
    )


def test_now() -> None:
    assert value("Now()") == service_form(NOW)


@given(MOMENTS, st.sampled_from(["d", "h", "n", "s", "ww"]), st.integers(-3000, 3000))
def test_adding_and_counting_back(moment: datetime, code: str, number: int) -> None:
    unit = {
        "d": timedelta(days=1),
        "h": timedelta(hours=1),
        "n": timedelta(minutes=1),
        "s": timedelta(seconds=1),
        "ww": timedelta(weeks=1),
    }[code]
    assume(1650 < moment.year < 9900)
    written = moment.isoformat()
    added = value("DateAdd([c], [n], [a])", c=code, n=number, a=written)
    assert added == service_form(moment + number * unit)
    whole = moment.replace(microsecond=0)
    back = value(
        "DateDiff([c], [a], DateAdd([c], [n], [a]))", c=code, n=number, a=whole.isoformat()
    )
    assert back == number


@given(MOMENTS, st.integers(-1200, 1200), st.sampled_from(["m", "yyyy"]))
def test_calendar_steps(moment: datetime, steps: int, code: str) -> None:
    months = moment.year * 12 + moment.month - 1 + steps * (12 if code == "yyyy" else 1)
    assume(12 <= months < 9999 * 12)
    year, month = months // 12, months % 12 + 1
    day = min(moment.day, calendar.monthrange(year, month)[1])
    wanted = service_form(moment.replace(year=year, month=month, day=day))
    found = value("DateAdd([c], [n], [a])", c=code, n=steps, a=moment.isoformat())
    assert found == wanted
    assert value("DateDiff([c], [a], [b])", c=code, a=moment.isoformat(), b=wanted) == steps


@given(MOMENTS, MOMENTS)
def test_date_diff(one: datetime, other: datetime) -> None:
    written = {"a": one.isoformat(), "b": other.isoformat()}
    for code, seconds in (("s", 1), ("n", 60), ("h", 3600), ("d", 86400)):
        there = value(f'DateDiff("{code}", [a], [b])', **written)
        back = value(f'DateDiff("{code}", [b], [a])', **written)
        assert there == -back  # type: ignore[operator]
        assert abs(int(there)) == abs(other - one) // timedelta(seconds=seconds)  # type: ignore[arg-type]
    sundays = [when - timedelta(days=(when.weekday() + 1) % 7) for when in (one, other)]
    weeks = abs(sundays[1] - sundays[0]).days // 7
    found = value('DateDiff("ww", [a], [b])', **written)
    assert found == (weeks if other >= one else -weeks)


@given(st.integers(0, 2_650_467_743_999_999_999))
def test_file_times_are_exact(ticks: int) -> None:
    seconds, fraction = divmod(ticks, 10_000_000)
    moment = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    written = f"{moment.replace(tzinfo=None).isoformat()}.{fraction:07d}Z"
    assert value("NumFromDate([a])", a=written) == str(ticks)
    assert value("NumFromDate([a])", a=written.replace("T", " ")) == str(ticks)
    assert value("DateFromNum([a])", a=str(ticks)) == service_form(moment)
    assert value("NumFromDate(DateFromNum([a]))", a=ticks) == str(ticks)


FORMATS = st.sampled_from(
    [
        ("yyyy-MM-dd HH:mm:ss.ffffff", "%Y-%m-%d %H:%M:%S.%f"),
        ("dddd, dd MMMM yyyy hh:mm:ss.ffffff tt", "%A, %d %B %Y %I:%M:%S.%f %p"),
        ("ddd dd MMM yyyy HHmmssffffff", "%a %d %b %Y %H%M%S%f"),
        ("'on 'MM'/'dd'/'yyyy' at 'HH\\hmm:ss.ffffff", "on %m/%d/%Y at %Hh%M:%S.%f"),
    ]
)


@given(MOMENTS, FORMATS, FORMATS)
def test_format_date_time_reads_and_writes(
    moment: datetime, one: tuple[str, str], other: tuple[str, str]
) -> None:
    def written(form: str) -> str:
        # strftime does not fill years up everywhere.
        return moment.strftime(form.replace("%Y", f"{moment.year:04d}"))

    found = value(f"FormatDateTime([a], {quoted(one[0])}, {quoted(other[0])})", a=written(one[1]))
    assert found == written(other[1])


@given(st.integers(0, 2**32))
def test_guid(seed: int) -> None:
    found = compile_expression("Guid()")({}, context(seed=seed))
    assert re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", str(found))


@given(
    st.lists(st.integers(0, 8), min_size=5, max_size=5),
    st.text("abcdefAB012!?", max_size=6),
    st.integers(),
)
def test_random_string(numbers: list[int], avoid: str, seed: int) -> None:
    more, *least = numbers
    length = sum(least) + more
    arguments = ", ".join(map(str, (length, *least)))
    expression = compile_expression(f"RandomString({arguments}, {quoted(avoid)})")
    found = str(expression({}, context(seed=seed)))
    kinds = (string.digits, string.punctuation, string.ascii_uppercase, string.ascii_lowercase)
    assert len(found) == length
    assert all(
        sum(one in kind for one in found) >= number
        for kind, number in zip(kinds, least, strict=True)
    )
    assert not set(found) & set(avoid)
    assert sum(one in string.punctuation for one in found) == least[1]


@given(
    st.lists(st.text("ab", min_size=1, max_size=2), min_size=2, max_size=5),
    st.sets(st.text("ab", max_size=2)),
)
def test_select_unique_value(rules: list[str], taken: set[str]) -> None:
    expression = compile_expression(f"SelectUniqueValue({', '.join(map(quoted, rules))})")
    free = [rule for rule in rules if rule not in taken]
    if free:
        assert expression({}, context(taken=taken)) == free[0]
    else:
        with pytest.raises(Exception, match="taken"):
            expression({}, context(taken=taken))


@given(TEXT.filter(bool), st.sampled_from(["", "ToLower", "Left", "Append"]))
def test_the_log_never_shows_what_is_redacted(secret: str, function: str) -> None:
    assume(secret not in "[Redact]x")
    inner = {
        "": "{}",
        "ToLower": "ToLower({})",
        "Left": "Left({}, 30)",
        "Append": 'Append({}, "x")',
    }
    expression = compile_expression(inner[function].format("Redact([a])"))
    found = expression.answer({"a": secret}, context())
    assert secret not in str(found.logged)
    assert "[Redact]" in str(found.logged)


@given(st.text("abc", min_size=1, max_size=4))
def test_roles_and_domain(name: str) -> None:
    assert value("SingleAppRoleAssignment([r])", r=(name, "other")) == name
    objects = value("AppRoleAssignmentsComplex([r])", r=(name, "other"))
    assert isinstance(objects, tuple)
    assert all(
        f'"value":"{role}"' in one for role, one in zip((name, "other"), objects, strict=True)
    )
    assert compile_expression("DefaultDomain()")({}, context(domain=name)) == name
