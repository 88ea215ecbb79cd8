import pytest

from polpo.languages.structured.results import ReplacementFailed
from polpo.languages.structured.substitution_in_files import substitute_in_file, substitute_in_json, substitute_strictly
from polpo.languages.substitution import VariableDictionary


def variables(**values: str | None) -> VariableDictionary:
    return VariableDictionary(values.items())


def test_substitution_keeps_encoding_and_reports_what_stays():
    content = "\ufeffé #{A} #{B} #{/x\r\n".encode("utf-16-le")

    changed, errors = substitute_in_file(content, variables(A="1"))

    assert changed.decode("utf-16-le") == "\ufeffé 1 #{B} #{/x\r\n"
    assert [error.token for error in errors] == ["#{B}"]


@pytest.mark.parametrize(
    ("content", "value", "encoding", "expected"),
    [
        (b"\xe9 #{A}", "ü", None, b"\xe9 \xfc"),
        (b"\xe9 #{A}", "ő", None, "é ő".encode()),
        (b"#{A}", "x", "utf-8", b"\xef\xbb\xbfx"),
        (b"#{A}", "x", "Unicode", "\ufeffx".encode("utf-16-le")),
        (b"#{A}", "x", "utf-666", b"x"),
        (b"\x81 #{A}", "x", None, b"\x81 x"),
    ],
)
def test_the_encoding_is_kept_named_or_widened(content, value, encoding, expected):
    assert substitute_in_file(content, variables(A=value), encoding).content == expected


def test_strict_substitution_names_what_is_missing():
    with pytest.raises(ReplacementFailed, match=r"'#\{B\}'.*missing or sensitive variables"):
        substitute_strictly(b"#{A} #{B}", variables(A="1"))
    assert substitute_strictly(b"#{A}", variables(A="1")) == b"1"


def test_json_inputs_are_escaped_where_they_stand():
    given = variables(P="C:\\a", T="True", L="x\\,y", Q='"#{P}"')
    text = (
        '{"a":"#{P}","b":"#{if T == "True"}#{Q}#{/if}","c":"#{each i in L}#{i};#{/each}","d":"#{P | Replace #{x}"."}"}'
    )

    assert substitute_in_json(text.replace('#{P | Replace #{x}"."}', "d"), given).text == (
        '{"a":"C:\\\\a","b":"\\"C:\\\\a\\"","c":"x\\\\;y;","d":"d"}'
    )
    assert substitute_in_json('"#{Nope}"', given).warnings == [
        "The following tokens were unable to be evaluated: '#{Nope}'"
    ]
    with pytest.raises(ReplacementFailed, match="cannot be read"):
        substitute_in_json('"#{a...b}"', given)
