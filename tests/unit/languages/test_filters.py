"""Filters by table: input, filter with options, result. None in the result means the token is echoed."""

import pytest

from polpo.languages.substitution import FilterFailed, VariableDictionary


def filtered(value: str | None, call: str) -> str | None:
    variables = VariableDictionary([] if value is None else [("X", value)])
    text, errors = variables.evaluate_with_errors(f"#{{X | {call}}}", halt=True)
    return None if errors else text


@pytest.mark.parametrize(
    ("value", "call", "expected"),
    [
        ("Ab", "ToLower", "ab"),
        ("Straße", "toupper", "STRAßE"),
        ("Ab", "ToLower x", None),
        (None, "ToLower", None),
        ("Hé", "ToBase64", "SMOp"),
        ("Hé", "ToBase64 unicode", "SADpAA=="),
        ("Hé", "ToBase64 ascii", None),
        ("SMOp", "FromBase64", "Hé"),
        ("SADpAA==", "FromBase64 Unicode", "Hé"),
        ("<a href='/'>&\"", "HtmlEscape", "&lt;a href=&apos;&#x2F;&apos;&gt;&amp;&quot;"),
        ("<'/'>", "XmlEscape", "&lt;&apos;/&apos;&gt;"),
        ('a"\\\r\n\té', "JsonEscape", 'a\\"\\\\\\r\\n\\té'),
        ("it's\n\r\nx", "YamlSingleQuoteEscape", "it''s\n\n\r\nx"),
        ("a\r\nb", "YamlSingleQuoteEscape", "a\r\n\r\nb"),
        ('"\té😀', "YamlDoubleQuoteEscape", '\\"\\t\\u00e9\\ud83d\\ude00'),
        ("a b:c=d\\", "PropertiesKeyEscape", "a\\ b\\:c\\=d\\\\"),
        (" a b:ÿþ", "PropertiesValueEscape", "\\ a b:\\u00ffþ"),
        ("a b/ü?x=[1]%", "UriEscape", "a%20b/%C3%BC?x=[1]%25"),
        ("a b/ü~'", "UriDataEscape", "a%20b%2F%C3%BC~%27"),
        ("abc", "Match b", "true"),
        ("abc", "Match B", "false"),
        ("abc", "Match a b", None),
        ("left-right", 'Replace "(\\w+)-(\\w+)" "$2.$1"', "right.left"),
        ("abc", "Replace b", "ac"),
        ("abc", 'Replace "(?<x>b)" "[${x}$$$&$9]"', "a[b$b$9]c"),
        ("abc", "StartsWith ab", "true"),
        ("abc", "EndsWith C", "false"),
        ("abc", "Contains b", "true"),
        ("abcdef", "Substring 3", "abc"),
        ("abcdef", "Substring 2 3", "cde"),
        ("abc", "Substring 1 9", "bc"),
        ("abc", "Substring 3 1", ""),
        ("abc", "Substring 4 1", None),
        ("abc", "Substring -1", None),
        ("abcdef", "Truncate 3", "abc..."),
        ("abcdef", 'Truncate 3 ""', "abc"),
        ("abc", "Truncate 3", "abc"),
        ("abc", "Truncate x", None),
        (" a ", "Trim", "a"),
        (" a ", "Trim START", "a "),
        (" a ", "Trim end", " a"),
        (" a ", "Trim both", None),
        ("a\nb", "Indent", "    a\n    b"),
        ("a\nb", "Indent 1/3", " a\n   b"),
        ("a\nb", "Indent /2", "a\n  b"),
        ("a\nb", "Indent 256", "256a\n256b"),
        ("a\nb", 'Indent "//"', "//a\n//b"),
        ("a\nb", 'Indent "> " "- "', "> a\n- b"),
        ("a", "Indent 1 2 3", None),
        ("", "Indent", ""),
        (None, "Append a b", "ab"),
        ("x", "Append a b", "xab"),
        ("x", "Append", None),
        ("x", "Prepend a b", "abx"),
        ("a", "Md5", "0cc175b9c0f1b6a831c399e269772661"),
        ("a", "Sha1 4", "86f7e437"),
        ("a", "Sha256 unicode 3", "ffe9aa"),
        ("YQ==", "Md5 base64", "0cc175b9c0f1b6a831c399e269772661"),
        ("***", "Md5 base64", None),
        ("a", "Md5 0", None),
        ("a", "Sha1 2 3", None),
        ("v1.2.3.4-beta.5+m", "VersionMajor", "1"),
        ("v1.2.3.4-beta.5+m", "VersionRevision", "4"),
        ("v1.2.3.4-beta.5+m", "VersionPreRelease", "beta.5"),
        ("v1.2.3.4-beta.5+m", "VersionPreReleasePrefix x", "beta"),
        ("v1.2.3.4-beta.5+m", "VersionPreReleaseCounter", "5"),
        ("v1.2.3.4-beta.5+m", "VersionMetadata", "m"),
        ("x", "Bogus", None),
        ("x", "null", None),
    ],
)
def test_a_filter_gives_its_result_or_leaves_the_token(value, call, expected):
    assert filtered(value, call) == expected


@pytest.mark.parametrize(("value", "call"), [("***", "FromBase64"), ("a b", "VersionMajor"), ("x", 'Match "("')])
def test_a_filter_refuses_loudly_what_the_original_raises_for(value, call):
    with pytest.raises(FilterFailed):
        filtered(value, call)


@pytest.mark.parametrize(
    ("value", "pattern", "replacement", "expected"),
    [
        ("a.b", "(?i)A(.)", "$1", ".b"),
        ("xAy", "x(?i)a", "-", "-y"),
        ("aXbX", "(?<n>a)(X)(?'m'b)", "$1$2$3", "XabX"),
        ("ab1", "\\p{L}+", "L", "L1"),
        ("ab1", "[\\P{L}]", "N", "abN"),
        ("a\n", "a\\Z", "b", "b\n"),
        ("a[b", "[[]", "(", "a(b"),
        ("a{b", "a{", "x", "xb"),
        ("abc", "b", "$`|$'|$_", "aa|c|abcc"),
        ("abc", "(?n)(b)", "$1", "a$1c"),
        ("a b", "(?x) a [ ] b # comment", "x", "x"),
        ("abc", "(?#note)b", "", "ac"),
    ],
)
def test_regular_expressions_follow_the_syntax_of_dotnet(value, pattern, replacement, expected):
    variables = VariableDictionary([("X", value), ("P", pattern), ("R", replacement)])

    assert variables.evaluate("#{X | Replace #{P}#{R}}") == expected
