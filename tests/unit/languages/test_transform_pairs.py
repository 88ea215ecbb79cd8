import pytest

from polpo.languages.structured.xdt_pairs import Pair, find_pairs, read_rules

FILES = [
    "web.config",
    "web.Release.config",
    "web.Production.config",
    "app/bar.config",
    "app/bar.Release.config",
    "app/foo.bar.config",
    "transforms/bar.config",
    "crossdomain.xml",
    "crossdomainpolicy.Release.xml",
]


@pytest.mark.parametrize(
    ("lines", "suffixes", "expected"),
    [
        (
            [],
            ["Release", "Production"],
            [
                "app/bar.Release.config>app/bar.config",
                "web.Release.config>web.config",
                "web.Production.config>web.config",
            ],
        ),
        (["Production"], [], ["web.Production.config>web.config"]),
        (["crossdomainpolicy.Release.xml => crossdomain.xml"], [], ["crossdomainpolicy.Release.xml>crossdomain.xml"]),
        (
            ["*.Release.config => *.config"],
            [],
            ["app/bar.Release.config>app/bar.config", "web.Release.config>web.config"],
        ),
        (["foo.bar.config => bar.config"], [], ["app/foo.bar.config>app/bar.config"]),
        (["transforms\\bar.config=>app\\bar.config"], [], ["transforms/bar.config>app/bar.config"]),
        (["transforms/*.config => app/*.config"], [], ["transforms/bar.config>app/bar.config"]),
        (["/etc/x.config => web.config"], [], ["/etc/x.config>web.config"]),
        (["web.Release.config => /etc/web.config", "gone.config => web.config", " => ", ""], [], []),
    ],
)
def test_rules_and_suffixes_pair_files(lines, suffixes, expected):
    found = find_pairs(FILES, read_rules(lines), suffixes)

    assert [f"{pair.transform}>{pair.target}" for pair in found.pairs] == expected
    assert found.overlapping == []


def test_a_pair_that_comes_again_is_told_as_overlapping():
    found = find_pairs(FILES, read_rules(["web.Release.config => web.config"]), ["Release"])

    assert found.pairs == [
        Pair("web.Release.config", "web.config"),
        Pair("app/bar.Release.config", "app/bar.config"),
    ]
    assert found.overlapping == [Pair("web.Release.config", "web.config")]


@pytest.mark.parametrize(("case_sensitive", "count"), [(True, 0), (False, 1)])
def test_case_counts_where_it_does_on_the_file_system(case_sensitive, count):
    found = find_pairs(["Web.config", "web.release.config"], [], ["Release"], case_sensitive=case_sensitive)

    assert len(found.pairs) == count
