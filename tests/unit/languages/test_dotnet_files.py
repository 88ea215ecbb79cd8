import pytest

from polpo.languages.structured.dotnet_config import replace_dotnet_values
from polpo.languages.structured.results import ReplacementFailed
from polpo.languages.structured.substitution_in_files import substitute_in_file, substitute_in_json, substitute_strictly
from polpo.languages.structured.xdt import TransformFailed, apply_transform
from polpo.languages.substitution import VariableDictionary

CONFIG = """<?xml version="1.0"?>
<configuration>
  <system.web>
    <compilation debug="true" targetFramework="4.0" />
  </system.web>
  <appSettings>
    <add key="One" value="1" />
    <add key="Two" />
  </appSettings>
  <connectionStrings>
    <add name="Db" connectionString="x" />
  </connectionStrings>
  <applicationSettings>
    <A.B>
      <setting name="S"><value>old</value></setting>
      <setting name="T" />
    </A.B>
  </applicationSettings>
</configuration>
"""


def variables(**values: str | None) -> VariableDictionary:
    return VariableDictionary(values.items())


def test_values_go_where_net_programs_read_them():
    changed = replace_dotnet_values(
        "web.config", CONFIG.encode(), variables(one="a&b", TWO=None, Db="s", S="n", t="m")
    ).decode()

    assert changed == (
        CONFIG.replace('key="One" value="1"', 'key="One" value="a&amp;b"')
        .replace('key="Two"', 'key="Two" value=""')
        .replace('connectionString="x"', 'connectionString="s"')
        .replace("old", "n")
        .replace('<setting name="T" />', '<setting name="T"><value>m</value></setting>')
    )


def test_a_file_without_a_match_keeps_every_byte():
    content = b"\xef\xbb\xbf<a   b='1'/>\r\n"

    assert replace_dotnet_values("a", content, variables(x="1")) == content


def test_a_file_that_is_not_well_formed_fails_unless_errors_are_ignored():
    with pytest.raises(ReplacementFailed, match=r"bad\.config"):
        replace_dotnet_values("bad.config", b"<a>", variables())
    assert replace_dotnet_values("bad.config", b"<a>", variables(), ignore_errors=True) == b"<a>"


XDT = 'xmlns:x="http://schemas.microsoft.com/XML-Document-Transform"'


@pytest.mark.parametrize(
    ("transform", "old", "new"),
    [
        (
            '<A><add key="One" value="2" T="SetAttributes" L="Match(key)"/></A>',
            'value="1"',
            'value="2"',
        ),
        (
            '<A><add value="2" y="3" T="SetAttributes(y)" L="Condition(@key=\'One\')"/></A>',
            'value="1"',
            'value="1" y="3"',
        ),
        ('<system.web><compilation T="RemoveAttributes(debug)"/></system.web>', ' debug="true"', ""),
        (
            '<connectionStrings T="Remove"/>',
            '\n  <connectionStrings>\n    <add name="Db" connectionString="x" />\n  </connectionStrings>',
            "",
        ),
        (
            '<A><add T="RemoveAll"/></A>',
            '\n    <add key="One" value="1" />\n    <add key="Two" />',
            "",
        ),
        (
            '<A><add key="New" value="n" T="Insert"/></A>',
            '<add key="Two" />',
            '<add key="Two" />\n    <add key="New" value="n" />',
        ),
        (
            '<system.web T="Replace"><new/></system.web>',
            '<system.web>\n    <compilation debug="true" targetFramework="4.0" />\n  </system.web>',
            "<system.web><new /></system.web>",
        ),
        (
            '<A><add key="Mid" T="InsertAfter(/configuration/appSettings/add[@key=\'One\'])"/></A>',
            '<add key="One" value="1" />',
            '<add key="One" value="1" />\n    <add key="Mid" />',
        ),
        (
            '<A><add key="Top" T="InsertBefore(add[1])"/></A>',
            '<add key="One" value="1" />',
            '<add key="Top" />\n    <add key="One" value="1" />',
        ),
        ('<A><add key="One" T="InsertIfMissing" L="Match(key)"/></A>', "", ""),
        (
            '<appSettings L="XPath(/configuration/appSettings)" T="SetAttributes" a="b"/>',
            "<A>",
            '<appSettings a="b">',
        ),
    ],
)
def test_a_transform_changes_what_it_is_located_at(transform, old, new):
    for short, long in (
        ("T=", "x:Transform="),
        ("L=", "x:Locator="),
        ("<A>", "<appSettings>"),
        ("</A>", "</appSettings>"),
    ):
        transform, old, new = (text.replace(short, long) for text in (transform, old, new))
    instructions = f"<configuration {XDT}>{transform}</configuration>"

    changed = apply_transform(
        CONFIG.encode(), instructions.encode(), target_name="web.config", transform_name="web.Release.config"
    )

    assert changed.content.decode() == CONFIG.replace(old, new, 1)
    assert changed.warnings == []


@pytest.mark.parametrize(
    ("transform", "warning"),
    [
        ('<gone x:Transform="Remove"/>', "/configuration/gone"),
        ('<appSettings><add x:Transform="Remove"/></appSettings>', "takes only the first"),
        ('<appSettings><add x:Transform="InsertAfter(/nope)"/></appSettings>', "/nope"),
    ],
)
def test_a_transform_that_does_not_fit_is_a_warning(transform, warning):
    instructions = f"<configuration {XDT}>{transform}</configuration>"

    changed = apply_transform(CONFIG.encode(), instructions.encode(), target_name="a", transform_name="b")

    assert warning in changed.warnings[0]


@pytest.mark.parametrize(
    ("target", "transform"),
    [
        ("<a>", f"<a {XDT}/>"),
        ("<a/>", "<a"),
        ("<a/>", f'<a {XDT} x:Transform="Explode"/>'),
        ("<a><b/></a>", f'<a {XDT}><b x:Locator="Near(c)"/></a>'),
        ("<a><b/></a>", f'<a {XDT}><b x:Locator="XPath([)"/></a>'),
        ("<a/>", f'<a {XDT} x:Transform="(("/>'),
    ],
)
def test_a_transform_that_cannot_be_applied_fails(target, transform):
    with pytest.raises(TransformFailed):
        apply_transform(target.encode(), transform.encode(), target_name="a", transform_name="b")


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
