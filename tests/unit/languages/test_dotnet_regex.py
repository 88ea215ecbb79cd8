"""Regular expressions in the notation of .NET: pattern, input, replacement, result."""

import pytest

from polpo.languages.dotnet_regex import NotSupported, translate
from polpo.languages.substitution import FilterFailed, VariableDictionary


def replaced(pattern: str, value: str, replacement: str = "<$0>") -> str | None:
    variables = VariableDictionary([("X", value), ("P", pattern), ("R", replacement)])
    return variables.evaluate_with_errors("#{X | Replace #{P}#{R}}", halt=True).text


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("[a-z-[aeiou]]+", "banana", "<b>a<n>a<n>a"),
        ("[\\w-[\\d_]]+", "a1_b", "<a>1_<b>"),
        ("[^a-c-[x]]", "axd", "ax<d>"),
        ("[a-f-[b-e-[c]]]+", "abcdef", "<a>b<c>de<f>"),
        ("[\\w-z]+", "a-z!", "<a-z>!"),
        ("[]a]+", "a]b", "<a]>b"),
        ("[+--]", "a-b", "a<->b"),
        ("\\p{IsCyrillic}+", "aжя", "a<жя>"),
        ("[^\\P{IsBasicLatin}]+", "aжb", "<a>ж<b>"),
    ],
)
def test_a_class_holds_ranges_blocks_and_what_is_taken_away(pattern, value, expected):
    assert replaced(pattern, value) == expected


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("(?<=a|bc)\\w", "axbcy", "a<x>bc<y>"),
        ("(?<!a|bc)[xy]", "axbcyzy", "axbcyz<y>"),
        ("(?<=^|,)\\w", "a,b", "<a>,<b>"),
        ("(?<=x+)y", "xxy", "xx<y>"),
        ("(?<=\\s*=)\\w", "a  =b", "a  =<b>"),
        ("(?<=\\d{2,})k", "1k12k123k", "1k12<k>123<k>"),
        ("(?<=[|)]|\\))a", "|a)a(a", "|<a>)<a>(a"),
    ],
)
def test_a_lookbehind_may_have_alternatives_and_repeat_at_its_front(pattern, value, expected):
    assert replaced(pattern, value) == expected


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("a*?", "aab", "<>a<>a<>b<>"),
        ("a*", "aab", "<aa><>b<>"),
        ("|a", "ab", "<>a<>b<>"),
        ("x(?i)|B", "bXx", "<b>X<x>"),
        ("(?:x(?i)|B)C", "bcxC", "bc<xC>"),
        ("(a(?i)b)C", "aBCaBc", "<aBC>aBc"),
    ],
)
def test_matching_goes_on_as_in_net(pattern, value, expected):
    assert replaced(pattern, value) == expected


def test_a_condition_asks_for_a_group_without_being_one():
    assert replaced("(?<n>a)?(?(n)b|c)(d)", "abdcd", "[$1$2]") == "[da][d]"


@pytest.mark.parametrize(
    "pattern", ["a++", "a*+", "a?+", "a*?+", "a{2}{3}", "a{1,2}+", "(?P<n>a)", "\\_", "[a-\\d]", "\\i"]
)
def test_what_net_refuses_fails(pattern):
    with pytest.raises(FilterFailed):
        replaced(pattern, "a")


@pytest.mark.parametrize("pattern", ["\\p{IsNowhere}", "[a-[b]c]", "[a"])
def test_an_unknown_block_and_an_unfinished_class_are_named(pattern):
    with pytest.raises(NotSupported):
        translate(pattern)
