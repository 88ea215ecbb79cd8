"""Filters that follow .NET's ways with numbers, moments and addresses: input, filter with options, result."""

from datetime import UTC, datetime

import pytest

from polpo.languages.substitution import VariableDictionary

NOW = datetime(2026, 3, 4, 5, 6, 7, 891234, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock_in_utc(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def filtered(value: str | None, name: str, *options: str) -> str | None:
    variables = VariableDictionary([] if value is None else [("X", value)], now=lambda: NOW)
    quoted = "".join(f' \\"{option}\\"' for option in options)
    text, errors = variables.evaluate_with_errors(f"#{{X | {name}{quoted}}}", halt=True)
    return None if errors else text


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        ("2.5", ["double", "F0"], "2"),
        ("3.5", ["double", "N0"], "4"),
        ("2.5", ["decimal", "N0"], "3"),
        ("-0.001", ["double", "F1"], "-0.0"),
        ("-0.001", ["double", "P0"], "-0 %"),
        ("-0.001", ["decimal", "F1"], "0.0"),
        ("-0.001", ["double", "0.0"], "-0.0"),
        ("-0.001", ["double", "#"], ""),
        ("-0.001", ["0;(0)"], "0"),
        ("-0.6", ["0;(0)"], "(1)"),
        ("0", ["##0.0E+0"], "000.0E+0"),
        ("0.10", ["G0"], "0.1"),
        ("79228162514264337593543950335", ["N0"], "79,228,162,514,264,337,593,543,950,335"),
        ("79228162514264337593543950336", ["N0"], None),
        ("1", ["F40"], "1." + "0" * 40),
        ("0.12345678901234567890123456789", ["G"], "0.1234567890123456789012345679"),
        ("nan", ["double", "N2"], "NaN"),
        ("-Infinity", ["double", "0.0"], "-Infinity"),
        ("1E-7", ["double", "r"], "1e-07"),
        ("- 5", ["N0"], None),
        ("5 -", ["N0"], "-5"),
    ],
)
def test_a_number_at_the_edge_of_its_type_is_formatted(value, options, expected):
    assert filtered(value, "Format", *options) == expected


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        ("1234.567", ["C"], "¤1,234.57"),
        ("-1234.567", ["C1"], "(¤1,234.6)"),
        ("1234.5", ["N"], "1,234.50"),
        ("1234567.891", ["N1"], "1,234,567.9"),
        ("-0.001", ["N2"], "0.00"),
        ("1234.5", ["F0"], "1235"),
        ("2.5", ["F0"], "3"),
        ("0.1235", ["P1"], "12.4 %"),
        ("1234.5678", ["E2"], "1.23E+003"),
        ("1234.5678", ["e"], "1.234568e+003"),
        ("1.50", ["G"], "1.50"),
        ("1234567", ["G3"], "1.23E+06"),
        ("0.00001234", ["G2"], "1.2E-05"),
        ("1.50", ["R"], None),
        ("1.5", ["D"], None),
        ("1.5", ["Q"], None),
        ("42", ["int", "D5"], "00042"),
        ("-42", ["Int32", "D3"], "-042"),
        ("255", ["int", "X4"], "00FF"),
        ("-1", ["int", "x"], "ffffffff"),
        ("1.5", ["int", "D"], None),
        ("0.1", ["double", "R"], "0.1"),
        ("1e16", ["double", "G"], "1E+16"),
        ("2.675", ["double", "F2"], "2.67"),
        ("-0.001", ["double", "F2"], "-0.00"),
        ("1e3", ["decimal", "F"], None),
        ("1,234.5", ["0.00"], "1234.50"),
        ("1234.5", ["#,##0.00"], "1,234.50"),
        ("1234567", ["#,#"], "1,234,567"),
        ("1234567", ["0,,.0"], "1.2"),
        ("0.5", ["0%"], "50%"),
        ("0.5", ["#.##"], ".5"),
        ("5", ["000"], "005"),
        ("12345", ["##-##"], "123-45"),
        ("12345678", ["(###) ###-##"], "(123) 456-78"),
        ("-5", ["0;(0)"], "(5)"),
        ("0", ["0;(0);zero"], "zero"),
        ("-0.001", ["0.0;(0.0);zero"], "zero"),
        ("-0.001", ["0.0"], "0.0"),
        ("12345", ["0.00E+00"], "1.23E+04"),
        ("0.00012", ["0.0e0"], "1.2e-4"),
        ("5", ["0 'pcs' \\x"], "5 pcs x"),
        ("", ["0"], None),
        ("12", ["int32", "0", "x"], None),
        ("x", ["0"], None),
        ("3", [], None),
    ],
)
def test_numbers_are_formatted(value, options, expected):
    assert filtered(value, "Format", *options) == expected


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        ("2030/05/22 09:05:00", ["yyyy"], "2030"),
        ("2030-05-22T09:05:07.1234567Z", ["yyyy-MM-dd HH:mm:ss.fffffff zzz"], "2030-05-22 09:05:07.1234567 +00:00"),
        ("05/06/2030 2:03 PM", ["d MMM yy, h:m tt"], "6 May 30, 2:3 PM"),
        ("22 May 2030", ["dddd ddd dd d"], "Wednesday Wed 22 22"),
        ("May 22, 2030", ["D"], "Wednesday, 22 May 2030"),
        ("Wed, 22 May 2030 09:05:00 GMT", ["s"], "2030-05-22T09:05:00"),
        ("2030-05-22T23:05:00-02:30", ["R"], "Thu, 23 May 2030 01:35:00 GMT"),
        ("2030-05-22T23:05:00-02:30", ["zz"], "-02"),
        ("2030-05-22T23:05:00-02:30", ["date", "HH:mm"], "01:35"),
        ("2030-05-22T23:05:00-02:30", ["datetimeoffset", "HH:mm K"], "23:05 -02:30"),
        ("2030-05-22", ["date", "O"], "2030-05-22T00:00:00.0000000"),
        ("2030-05-22T01:00:00Z", ["datetime", "u"], "2030-05-22 01:00:00Z"),
        ("2030-05-22", ["g"], "05/22/2030 00:00"),
        ("2030-05-22", ["G"], "05/22/2030 00:00:00"),
        ("2030-05-22", ["m"], "May 22"),
        ("2030-05-22", ["y"], "2030 May"),
        ("2030-05-22", ["U"], None),
        ("2030-05-22", ["k"], None),
        ("2030-05-22", ["'a'\\b%d"], "ab22"),
        ("2030-05-22 10:00:00.5", ["ss.FFF|F"], "00.5|5"),
        ("10:30", ["yyyy-MM-dd H:mm"], "2026-03-04 10:30"),
        ("2030-13-01", ["yyyy"], None),
        ("2030-02-30", ["date", "yyyy"], None),
        ("May 2030", ["MM"], "05"),
    ],
)
def test_moments_are_formatted(value, options, expected):
    assert filtered(value, "Format", *options) == expected


@pytest.mark.parametrize(
    ("value", "name", "options", "expected"),
    [
        (None, "NowDate", [], "2026-03-04T05:06:07.8912340"),
        (None, "NowDateUtc", [], "2026-03-04T05:06:07.8912340Z"),
        (None, "NowDate", ["yyyy"], "2026"),
        (None, "NowDateUtc", ["HH", "x"], None),
        ("x", "NowDate", [], None),
        ("2030-05-22", "AddDays", ["1.5"], "2030-05-23T12:00:00.0000000"),
        ("2030-05-22T23:00:00Z", "AddHours", ["2"], "2030-05-23T01:00:00.0000000Z"),
        ("2030-05-22T23:00:00+02:00", "AddHours", ["-24"], "2030-05-21T23:00:00.0000000+02:00"),
        ("2030-05-22", "AddHours", ["x"], None),
        ("2030-05-22", "AddHours", [], None),
        ("2030-05-22", "AddDays", ["1e12"], None),
        ("9999-12-31", "AddDays", ["1"], None),
        ("nonsense", "AddDays", ["1"], None),
    ],
)
def test_moments_are_told_and_moved(value, name, options, expected):
    assert filtered(value, name, *options) == expected


HEAD = '<tr>\n<th style="text-align: center;">A</th>\n</tr>\n'
ROW = '<tr>\n<td style="text-align: center;">1</td>\n</tr>\n'
SHOP = "HTTPS://me:pw@Shop.Example:8443/a%20b/../c?x=1#top"


@pytest.mark.parametrize(
    ("value", "part", "expected"),
    [
        (SHOP, "AbsolutePath", "/c"),
        (SHOP, "AbsoluteUri", "https://me:pw@shop.example:8443/c?x=1#top"),
        (SHOP, "Authority", "shop.example:8443"),
        (SHOP, "DnsSafeHost", "shop.example"),
        (SHOP, "Fragment", "#top"),
        (SHOP, "HOST", "shop.example"),
        (SHOP, "HostAndPort", "shop.example:8443"),
        (SHOP, "HostNameType", "Dns"),
        (SHOP, "IsAbsoluteUri", "true"),
        (SHOP, "IsDefaultPort", "false"),
        (SHOP, "IsFile", "false"),
        (SHOP, "IsLoopback", "false"),
        (SHOP, "IsUnc", "false"),
        (SHOP, "PathAndQuery", "/c?x=1"),
        (SHOP, "Port", "8443"),
        (SHOP, "Query", "?x=1"),
        (SHOP, "Scheme", "https"),
        (SHOP, "SchemeAndServer", "https://shop.example:8443"),
        (SHOP, "UserInfo", "me:pw"),
        ("http://localhost", "HostAndPort", "localhost:80"),
        ("http://localhost", "SchemeAndServer", "http://localhost"),
        ("http://localhost", "IsLoopback", "true"),
        ("http://localhost", "AbsoluteUri", "http://localhost/"),
        ("http://127.0.0.1/x", "HostNameType", "IPv4"),
        ("http://[::1]:80/x", "DnsSafeHost", "::1"),
        ("https://x.example/a b/%C3%BC", "AbsolutePath", "/a%20b/%C3%BC"),
        ("https://x.example/a%20b", "Path", "/a b"),
        ("file:///C:/a/b.txt", "Path", "C:\\a\\b.txt"),
        ("C:\\a\\b.txt", "IsFile", "true"),
        ("\\\\server\\share\\x", "IsUnc", "true"),
        ("foo/bar", "IsAbsoluteUri", "false"),
        ("foo/bar", "Host", "[UriPart Host error: This operation is not supported for a relative URI.]"),
        (SHOP, "Foo", "[UriPart Foo error: argument 'Foo' not supported]"),
        ("http://", "Host", "http://"),
    ],
)
def test_parts_of_an_address(value, part, expected):
    assert filtered(value, "UriPart", part) == expected


def test_without_a_part_the_error_is_the_result():
    assert filtered(SHOP, "UriPart") == "[UriPart error: no argument given]"
    assert filtered(None, "UriPart", "Host") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" _yeah!_ ", "<p><em>yeah!</em></p>\n\n"),
        (
            "~~a~~ H~2~O x^2^ ++i++ ==m==",
            "<p><del>a</del> H<sub>2</sub>O x<sup>2</sup> <ins>i</ins> <mark>m</mark></p>\n\n",
        ),
        ("see http://x.example/a.", '<p>see <a href="http://x.example/a">http://x.example/a</a>.</p>\n\n'),
        ("|A|\n|:-:|\n|1|", f"<table>\n<thead>\n{HEAD}</thead>\n<tbody>\n{ROW}</tbody>\n</table>\n\n"),
        ("a *b **c** d*", "<p>a <em>b <strong>c</strong> d</em></p>\n\n"),
        ("[http://x.example](http://y.example)", '<p><a href="http://y.example">http://x.example</a></p>\n\n'),
    ],
)
def test_markdown_becomes_html(value, expected):
    assert filtered(value, "MarkdownToHtml") == expected
    assert filtered(value, "Markdown", "x") is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("01/2020", "2020-01-01 00:00"),
        ("1/2", "2026-01-02 00:00"),
        ("Jan 2", "2026-01-02 00:00"),
        ("2 Jan", "2002-01-01 00:00"),
        ("02/Jan/2020", "2020-01-02 00:00"),
        ("Jan/02/2020", "2020-01-02 00:00"),
        ("2020/Jan/02", "2020-01-02 00:00"),
        ("2020 01 02", "2020-01-02 00:00"),
        ("02 01 2020", "2020-02-01 00:00"),
        ("2020-01-02,03:04", "2020-01-02 03:04"),
        ("2020-01-02 13:04 PM", "2020-01-02 13:04"),
        ("2020-01-02 0:04 PM", "2020-01-02 12:04"),
        ("2020-01-02 13:04 AM", None),
        ("Thu, 02 Jan 2020", "2020-01-02 00:00"),
        ("Fri, 02 Jan 2020", None),
        ("2020-01-02T03:04:05,5", None),
        ("0001-01-01", "0001-01-01 00:00"),
    ],
)
def test_a_date_is_read_in_the_forms_that_net_knows(written, expected):
    assert filtered(written, "Format", "yyyy-MM-dd HH:mm") == expected


def test_a_fraction_that_is_left_out_takes_its_point_along():
    assert filtered("2020-01-02T03:04:05", "Format", "s.FFF") == "5"
    assert filtered("2020-01-02T03:04:05.25", "Format", "s.FFF") == "5.25"


def test_a_tiny_part_of_a_day_is_added_to_the_tick():
    assert filtered("2020-01-02T03:04:05Z", "AddDays", "0.000001") == "2020-01-02T03:04:05.0864000Z"
