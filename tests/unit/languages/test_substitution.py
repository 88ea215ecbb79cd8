"""The tables restate the rules of the language: variables, template, result."""

import pytest

from polpo.languages.substitution import (
    FilterFailed,
    SelfReference,
    SubstitutionError,
    SubstitutionFailed,
    TooDeep,
    VariableDictionary,
    argument_names,
    is_truthy,
    summary,
)


def evaluated(variables: dict[str, str | None], template: str, halt: bool = True) -> str | None:
    return VariableDictionary(variables.items()).evaluate_with_errors(template, halt=halt).text


SITE = {"Site.Url": "https://#{Site.Host}/", "Site.Host": "shop.example", "Site": "a", "Build Number": "7"}
FEEDS = {"Feeds[one].Url": "u1", "Feeds[two].Url": "u2", "Which": "two", "Db[rack[2].slot].Host": "h", "E[]": "empty"}


@pytest.mark.parametrize(
    ("variables", "template", "expected"),
    [
        (SITE, "#{site.url}", "https://shop.example/"),
        (SITE, "#{Missing}-#{Site}", "#{Missing}-a"),
        (SITE, "#{ Build Number }", "7"),
        (SITE, "#{ Site . Host }", "shop.example"),
        (SITE, "no tokens # here #", "no tokens # here #"),
        (FEEDS, "#{Feeds[#{Which}].Url}", "u2"),
        (FEEDS, "#{Feeds[#{Nope}].Url}", "#{Feeds[#{Nope}].Url}"),
        (FEEDS, "#{Feeds[*].Url}", "u1"),
        (FEEDS, "#{Feeds[two]}", "two"),
        (FEEDS, "#{Feeds}", "#{Feeds}"),
        (FEEDS, "#{Db[rack[2].slot].Host}", "h"),
        (FEEDS, "#{Db[ rack[2].slot].Host}", "h"),
        (FEEDS, "#{E[]}", "empty"),
        ({"Cost$": "5"}, "#{Cost}", "5"),
        ({"x": None}, "[#{x}]", "[]"),
        ({"a@b/c~d:e-f_(g)": "1"}, "#{a@b/c~d:e-f_(g)}", "1"),
        ({"größe": "L"}, "#{GRÖSSE}#{Größe}", "#{GRÖSSE}L"),
    ],
)
def test_a_path_is_replaced_by_its_value(variables, template, expected):
    assert evaluated(variables, template) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("##{x}", "#{x}"),
        ("###{x}", "#1"),
        ("####{x}", "###{x}"),
        ("#####{x}", "###1"),
        ("######{x}", "#####{x}"),
        ("a#b##c #", "a#b##c #"),
        ("## #{x} ##", "## 1 ##"),
        ("#{x}#", "1#"),
        ("#{x}##{x}#{x}", "1#{x}1"),
        ("#{if x}##{y}#{/if}", "#{y}"),
        ("#{if x}##", "#{if x}##"),
    ],
)
def test_hash_signs_outside_tokens_follow_the_run_rule(template, expected):
    assert evaluated({"x": "1"}, template) == expected


@pytest.mark.parametrize(
    ("variables", "template", "expected"),
    [
        ({"Flag": " no "}, "#{if Flag}y#{else}n#{/if}", "n"),
        ({"Flag": " 0 "}, "#{if Flag}y#{else}n#{/if}", "y"),
        ({"Flag": "0"}, "#{unless Flag}y#{else}n#{/unless}", "y"),
        ({}, "#{if Flag}y#{/if}", ""),
        ({}, "#{IF Flag}y#{else}n#{/if}", "n"),
        ({"A": "x"}, '#{if A == "x"}1#{/if}', "1"),
        ({"A": "x"}, '#{if A=="X"}1#{else}2#{/if}', "2"),
        ({"A": "x"}, '#{if "x" == A}1#{/if}', "1"),
        ({"A": "x", "B": "x"}, "#{if A == B}1#{/if}#{if A != B}2#{/if}", "1"),
        ({"A": 'q"#'}, '#{if A == \\"q"#\\"}1#{/if}', "1"),
        ({}, "#{if A == B}1#{/if}", "1"),
        ({"A": "Cool"}, '#{if A | ToLower | StartsWith "co"}1#{/if}', "1"),
        ({"A": "Cool"}, '#{if A | ToLower == "cool"}1#{/if}', "1"),
        ({"A": "1"}, "#{if A|Bogus}1#{/if}", "#{if A | Bogus}1#{/if}"),
        ({"A": "1"}, '#{if A|Bogus=="x"}1#{/if}', '#{if A | Bogus == "x" }1#{/if}'),
        ({"B": "1"}, "#{if A}a#{elseif B}b#{else}c#{/if}", "b"),
        ({}, "#{if A}a#{elseif B}b#{elseif C}c#{else}d#{/if}", "d"),
        ({"A": "1"}, "#{if A}#{if B}x#{else}y#{/if}#{else}z#{/if}", "y"),
        ({"elseifX": "v"}, "#{if A}1#{else}#{elseifX}#{/if}", "v"),
        ({"else": "E"}, "#{else}", "E"),
        ({"A": "1"}, "#{unless A}x#{else}y#{/unless}", "y"),
        ({"A|Bogus": "1"}, "#{unless A|Bogus}x#{/unless}", "#{if A | Bogus}#{else}x#{/if}"),
        ({}, "#{if A}hello", "#{if A}hello"),
    ],
)
def test_a_conditional_takes_the_branch_its_test_says(variables, template, expected):
    assert evaluated(variables, template) == expected


JSON = {
    "Cfg": '{"Limits":[{"Max":1},{"Max":2}],"Flag":true,"None":null,"S":"#{Site}","N":1.50,"Big":1e20}',
    "Cfg.Flag2": "own",
    "Arr": '[1, "two", {"a" : \'x\'}]',
    "Loose": "{a: 'b', /* c */ d: [1,],}",
    "Site": "a",
    "Bad": "{x",
    "Wrapped": '{"Site":"#{Site}"}',
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("#{Cfg.Limits[1].Max}", "2"),
        ("#{Cfg.Limits}", '[{"Max":1},{"Max":2}]'),
        ("#{Cfg.Flag}/#{Cfg.None}/#{Cfg.Nope}", "True//"),
        ("#{Cfg.flag}#{Cfg.Flag2}", "own"),
        ("#{Cfg[S]}", "a"),
        ("#{Cfg.N} #{Cfg.Big}", "1.5 1E+20"),
        ("#{Arr[1]}#{Arr[9]}|#{Arr[2].a}|#{Arr[x]}", "two|x|#{Arr[x]}"),
        ("#{Arr[2]}", '{"a":"x"}'),
        ("#{Loose.a}#{Loose.d}", "b[1]"),
        ("#{Bad.x}", "#{Bad.x}"),
        ("#{Wrapped.Site}", "a"),
        ("#{each x in Arr}<#{x}>#{/each}", '<1><two><{"a":"x"}>'),
        ("#{each x in Cfg.Limits}#{x.Max};#{/each}", "1;2;"),
        ("#{each x in Wrapped}#{x}=#{x.Key}=#{x.Value};#{/each}", "Site=Site=a;"),
    ],
)
def test_json_in_a_value_can_be_walked(template, expected):
    assert evaluated(JSON, template) == expected


@pytest.mark.parametrize(
    ("variables", "template", "expected"),
    [
        ({"Feeds": "a, b"}, "#{each f in Feeds}[#{f}]#{/each}", "[a][ b]"),
        (FEEDS, "#{each f in Feeds}#{f}=#{f.Url};#{/each}", "one=u1;two=u2;"),
        ({"L": ""}, "#{each x in L}[#{x}]#{/each}", "[]"),
        ({}, "#{each x in L}[#{x}]#{/each}", ""),
        (
            {"L": "a,b"},
            "#{each x in L}#{Octopus.Template.Each.Index}#{x}#{if Octopus.Template.Each.Last}!#{/if}#{/each}",
            "0a1b!",
        ),
        ({"L": "a,b"}, "#{each x in L}#{each y in L}#{x}#{y} #{/each}#{/each}", "aa ab ba bb "),
        ({"L": "a", "x": "outer"}, "#{each x in L}#{x}#{/each}#{x}", "aouter"),
        ({"L": "a,b", "D[a]": "1", "D[b]": "2"}, "#{each x in L}#{D[#{x}]}#{/each}", "12"),
        ({"L": "a"}, "#{EACH x IN L}#{x}#{/each}", "a"),
    ],
)
def test_a_loop_writes_its_body_for_every_item(variables, template, expected):
    assert evaluated(variables, template) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("#{calc 2*(1+{Rate})}", "8"),
        ("#{calc 2*(1+Rate)}", "#{calc 2*(1+Rate)}"),
        ("#{calc {Rate}-1}", "2"),
        ("#{calc Rate-1}", "#{Rate-1}"),
        ("#{calc Rate + 1 / 2}", "3.5"),
        ("#{calc 0.1+0.2}", "0.30000000000000004"),
        ("#{calc 1000000000000000*1}", "1E+15"),
        ("#{calc .5*Rate}", "1.5"),
        ("#{calc 1/0}", "Infinity"),
        ("#{calc {Nope} + 1.50}", "#{Nope+1.5}"),
        ("#{calc (1+2)*3}", "9"),
        ("#{calc 10-2-3}", "5"),
        ("#{calc Text+1}", "#{Text+1}"),
    ],
)
def test_a_calculation_is_written_as_the_shortest_number(template, expected):
    assert evaluated({"Rate": "3", "Text": "abc"}, template) == expected


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("#{ Db[main].Host }", "#{Db[main].Host}"),
        ("#{Price|Bogus 2 eur}", '#{Price | Bogus "2" "eur"}'),
        ("#{ | Bogus}", "#{ | Bogus}"),
        ('#{A | F "x" | G #{y}}', '#{A | F "x" | G #{y}}'),
        ("#{A|F #{if x}1#{/if}}", "#{A | F #{if x}1#{/if}}"),
    ],
)
def test_an_unresolved_token_is_printed_in_canonical_form(written, printed):
    assert evaluated({}, written) == printed


@pytest.mark.parametrize("template", ["#{}", "#{ }", "#{a", "#{/if}", '#{"', "x#{a.}y", "#{a | }", "#{a|F #{b} | G}"])
def test_a_template_that_cannot_be_read_comes_back_whole(template):
    variables = VariableDictionary([("ok", "1")])

    text, errors = variables.evaluate_with_errors(f"#{{ok}}{template} ", halt=True)

    assert text == f"#{{ok}}{template} "
    assert len(errors) == 1
    assert "cannot be read" in errors[0].message


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("#{/if}#{a}", "#{/if}1"),
        ('#{"#{a}', '#{"1'),
        ("#{a #{a}", "#{a 1"),
        ("#{if a} #{b| #{a}", "#{if a} #{b| 1"),
        ("#{a|F #{a} | G}#{a}", "#{a|F #{a} | G}1"),
        ('#{if a == "x"} #{a} #{/each} #{a}', '#{if a == "x"} #{a} #{/each} 1'),
        ("#{a}#{", "1#{"),
    ],
)
def test_lenient_reading_keeps_bad_tokens_as_text(template, expected):
    assert evaluated({"a": "1"}, template, halt=False) == expected


def test_missing_tokens_are_named_with_their_place():
    variables = VariableDictionary([("A", "#{Inner}")])

    text, errors = variables.evaluate_with_errors("x\n  #{Gone} #{A} #{Gone}")

    assert text == "x\n  #{Gone} #{Inner} #{Gone}"
    assert [(error.token, error.position, error.line, error.column) for error in errors] == [
        ("#{Gone}", 4, 2, 3),
        ("#{Inner}", 12, 2, 11),
        ("#{Gone}", 17, 2, 16),
    ]
    assert summary(errors) == "The following tokens were unable to be evaluated: '#{Gone}', '#{Inner}'"


def test_a_loop_of_references_is_an_error_that_shows_the_way():
    variables = VariableDictionary([("A", "#{B}"), ("B", "#{A}")])

    with pytest.raises(SelfReference) as raised:
        variables.evaluate("#{A}")

    assert raised.value.message == (
        'An attempt to parse the variable symbol "A" appears to have resulted in a self referencing loop '
        "(A -> B -> A). Ensure that recursive loops do not exist in the variable values."
    )


def test_a_value_that_cannot_be_read_is_plain_text():
    assert evaluated({"A": "#{/x} #{B}", "B": "1"}, "#{A}") == "#{/x} #{B}"


def test_the_null_filter_makes_the_whole_result_null():
    variables = VariableDictionary([("A", "#{x | null}"), ("B", "[#{A}]")])

    assert variables.evaluate_with_errors("a#{b | null}").text is None
    assert variables.get("A", "default") is None


@pytest.mark.parametrize("template", ["[#{A}]", "#{if A}[#{A}]#{/if}", "[#{A | Trim}]"])
def test_a_null_inside_a_value_is_echoed_where_the_value_is_used(template):
    assert evaluated({"A": "#{x | null}"}, template) == "[#{x | null}]"


def test_a_dictionary_reads_values_as_flags_numbers_and_lists():
    variables = VariableDictionary(
        [("T", " True "), ("N", " -12 "), ("L", "a, b,,#{T}"), ("P", "x\r\n\ny"), ("Null", None), ("Big", "3000000000")]
    )

    assert variables.get_flag("t") is True
    assert variables.get_flag("L", default=True) is True
    assert variables.get_int("n") == -12
    assert variables.get_int("Big") is None
    assert variables.get_strings("L") == ["a", "b", "True"]
    assert variables.get_paths("P") == ["x", "y"]
    assert variables.get("Null", "d") == "d"
    assert variables.get_raw("l") == "a, b,,#{T}"
    with pytest.raises(SubstitutionFailed, match="required"):
        variables.require("Null")


def test_names_keep_their_order_and_first_spelling():
    variables = VariableDictionary([("B", "1"), ("a", "2")])
    variables.set("b", "3")

    assert variables.names() == ["B", "a"]
    assert variables.save_as_text() == '{\n  "B": "3",\n  "a": "2"\n}'
    assert "A" in variables


def test_indexes_come_in_order_of_definition():
    variables = VariableDictionary(FEEDS.items())

    assert variables.indexes("feeds") == ["one", "two"]


def test_a_host_filter_is_used_where_no_built_in_gives_something():
    variables = VariableDictionary([("A", "x")])
    variables.add_filter("Shout", lambda value, options: f"{value}!{''.join(options)}")
    variables.add_filter("ToUpper", lambda value, options: "never")

    assert variables.evaluate("#{A | shout 1 | ToUpper}") == "X!1"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", False), ("0", False), (" 0", True), ("No", False), (" false ", False), ("off", True), ("True", True)],
)
def test_truth_of_a_text(value, expected):
    assert is_truthy(value) is expected


def test_truth_of_a_template_needs_no_error():
    variables = VariableDictionary([("A", "1")])

    assert variables.evaluate_truthy("#{A}") is True
    assert variables.evaluate_truthy("#{A}#{B}") is False
    assert variables.evaluate_truthy(None) is False


def test_argument_names_leave_out_the_bodies_of_loops():
    template = '#{A.b[#{C}]} #{if D == "lit"}#{E}#{/if} #{each x in F}#{x}#{G}#{/each} #{H | Append #{I}} #{calc J+1}'

    assert argument_names(template) == ["A", "b", "C", "D", "lit", "E", "F", "H", "I", "J"]


def test_a_filter_that_refuses_its_input_says_so():
    with pytest.raises(FilterFailed, match="Base-64"):
        VariableDictionary([("A", "***")]).evaluate("#{A | FromBase64}")


def test_references_nested_beyond_reach_are_an_error():
    chain = {f"v{number}": f"#{{v{number + 1}}}" for number in range(5000)}

    with pytest.raises(TooDeep):
        evaluated(chain, "#{v0}")


def test_errors_are_plain_values():
    assert SubstitutionError("t", 0, 1, 1, "m") == ("t", 0, 1, 1, "m")


@pytest.mark.parametrize(
    ("calculation", "expected"),
    [("1/{Zero}", "-Infinity"), ("1/(0*{Neg})", "-Infinity"), ("{Neg}/0", "-Infinity"), ("0/0", "NaN")],
)
def test_a_calculation_divides_by_signed_zeros(calculation, expected):
    assert evaluated({"Zero": "-0", "Neg": "-5"}, f"#{{calc {calculation}}}") == expected


def test_an_unfinished_token_behind_hash_signs_keeps_all_of_them():
    assert VariableDictionary().evaluate_with_errors("a###{").text == "a###{"


def test_nothing_between_two_commas_of_an_array_is_an_empty_element():
    assert evaluated({"List": "[1,,2,]"}, "#{each x in List}[#{x}]#{/each}#{List[1]}") == "[1][][2]"
