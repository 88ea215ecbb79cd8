"""What holds for every template."""

from hypothesis import example, given
from hypothesis import strategies as st

from polpo.languages.substitution import SubstitutionFailed, VariableDictionary
from polpo.languages.substitution.filters.built_in import BUILT_IN

TAGS = ["#{", "}", "#{/if}", "#{/unless}", "#{else}", "#{/each}", "#{a}", "#{b.c}", "#{a[#{b}]}", "#{x}", "##{", "#"]
WORDS = [*'abAx.[]*|"()+/0,{é😀', '\\"', "==", "!=", "-1", "null", "Format", "Indent", "Octopus.Template.Each.Index"]
OPENING = ["#{if ", "#{unless ", "#{elseif ", "#{each x in ", "#{calc ", " ", " | ", "\n"]
PIECES = st.sampled_from([*TAGS, *WORDS, *OPENING])
TEMPLATES = st.lists(PIECES, max_size=25).map("".join)
VALUES = TEMPLATES | st.sampled_from(['{"c": [1, {"d": "#{a}"}]}', "1,2", "3.5", "2030-01-02T03:04:05Z", "[1,2"])
VARIABLES = st.dictionaries(st.sampled_from(["a", "b", "b.c", "a[1]", "a[x].c", "L", "B", "b[*]"]), VALUES, max_size=5)
FILTERS = st.sampled_from([*sorted(BUILT_IN), "format", "nowdate", "nowdateutc", "adddays", "addhours"])
OPTIONS = st.lists(st.text("ab01-/ .%#\\()[]?*+$&{}<>yMdHhmsfz,;", max_size=6), max_size=3)


@given(VARIABLES, TEMPLATES, st.booleans())
@example({"a": "#{b}", "b": "#{a}"}, "#{a}", False)
def test_evaluation_gives_a_text_or_a_documented_error(variables, template, halt):
    try:
        text, errors = VariableDictionary(variables.items()).evaluate_with_errors(template, halt=halt)
    except SubstitutionFailed as failed:
        assert failed.message  # noqa: PT017 - either outcome is right
        return
    assert text is None or isinstance(text, str)
    assert all(0 <= error.position <= len(template) and error.line >= 1 and error.column >= 1 for error in errors)


@given(TEMPLATES)
def test_evaluation_is_repeatable(template):
    variables = VariableDictionary([("a", "1"), ("b", "x,y")])

    assert variables.evaluate_with_errors(template) == variables.evaluate_with_errors(template)


@given(st.text(max_size=40))
def test_text_without_tokens_stays(text):
    variables = VariableDictionary([("a", "1")])

    if "#{" not in text:
        assert variables.evaluate(text) == text
    assert variables.evaluate("#{a}" + text.replace("#", "") + "#{a}") == f"1{text.replace('#', '')}1"


@given(
    st.sampled_from(sorted(BUILT_IN)) | st.sampled_from(["format", "nowdate", "adddays", "addhours"]),
    st.none() | st.text(max_size=20),
    OPTIONS,
)
@example("format", "1e400", ["double", "N"])
@example("format", "0001-01-01", ["datetimeoffset", "R"])
@example("adddays", "9999-12-31T23:59:59.9999999", ["0.0000001"])
@example("uripart", "http://[::1", ["Host"])
def test_a_filter_gives_a_text_or_nothing_or_a_documented_error(name, value, options):
    variables = VariableDictionary()
    try:
        result = variables._invoke(name, value, options)
    except SubstitutionFailed:
        return
    assert result is None or isinstance(result, str)
