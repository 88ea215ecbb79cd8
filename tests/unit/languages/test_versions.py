"""Versions by table. Each list of texts is in ascending order; texts in one tuple are equal."""

import itertools

import pytest

from polpo.kernel.errors import Invalid
from polpo.languages.versions import (
    Coordinates,
    DockerTag,
    InvalidPackageFileName,
    InvalidRange,
    InvalidVersion,
    LexicographicVersion,
    MavenVersion,
    NumberTooLarge,
    OctopusVersion,
    SemanticVersion,
    VersionFormat,
    VersionRule,
    apply_mask,
    cached_package_file_name,
    fixed_numbers,
    format_of_feed,
    is_mask,
    parse_maven_range,
    parse_nuget_range,
    parse_package_file_name,
    parse_version,
    try_parse_version,
)

OCTOPUS_ORDER = [
    ("nightly",),
    ("0.0", "0"),
    ("1.0-alpha",),
    ("1.0-alpha.1", "1.0-alpha-01", "1.0-alpha_1"),
    ("1.0-alpha.beta",),
    ("1.0-RC", "1.0.0.0-rc"),
    ("1", "v1.0", "1.0.0+meta", "1.0.0.0"),
    ("1.2.10",),
    ("12_3",),
    ("12",),
]
SEMVER_ORDER = [
    ("1.0.0-1",),
    ("1.0.0-2",),
    ("1.0.0-alpha", "1.0.0-ALPHA"),
    ("1.0.0-alpha+a",),
    ("1.0.0-alpha.1",),
    ("1.0.0-alpha.beta",),
    ("1", "1.0", "1.00.0", "1.0.0.0"),
    ("1.0.0+a", "1.0.0+A"),
    ("1.0.0+b",),
    ("1.0.0.1",),
]
MAVEN_ORDER = [
    ("2.0-alpha-1", "2.0-a1"),
    ("2.0-b2",),
    ("2.0-milestone-3", "2.0-m3"),
    ("2.0-cr1", "2.0-rc1", "2.0-RC1"),
    ("2.0-SNAPSHOT",),
    ("2.0", "2", "2.0.0-ga", "2-final"),
    ("2.0-sp",),
    ("2.0-custom",),
    ("2.0-zebra",),
    ("2-1",),
    ("2.0.1",),
    ("2.10",),
]
LEXICOGRAPHIC_ORDER = [
    ("release-9",),
    ("release-10", "release.10", "release_010+meta"),
    ("release-10-x",),
    ("release-b",),
]
ORDERS = [
    (OctopusVersion, OCTOPUS_ORDER),
    (SemanticVersion, SEMVER_ORDER),
    (MavenVersion, MAVEN_ORDER),
    (LexicographicVersion, LEXICOGRAPHIC_ORDER),
]


@pytest.mark.parametrize(("kind", "order"), ORDERS)
def test_versions_compare_in_the_order_of_their_format(kind, order):
    for lower, higher in itertools.combinations(order, 2):
        for left, right in itertools.product(lower, higher):
            assert kind.parse(left) < kind.parse(right), (left, right)
            assert kind.parse(right) > kind.parse(left)
            assert kind.parse(left).sort_key < kind.parse(right).sort_key
    for equal in order:
        for left, right in itertools.product(equal, equal):
            assert kind.parse(left) == kind.parse(right), (left, right)
            assert hash(kind.parse(left)) == hash(kind.parse(right))


@pytest.mark.parametrize(
    ("text", "numbers", "release", "prefix", "counter", "metadata"),
    [
        ("1.2.3.4-beta.5+m.1", (1, 2, 3, 4), "beta.5", "beta", "5", "m.1"),
        ("nightly", (0, 0, 0, 0), "nightly", "nightly", "", ""),
        ("7.1.GA", (7, 1, 0, 0), "GA", "GA", "", ""),
        ("12_3", (12, 0, 0, 0), "3", "3", "", ""),
        (" 1 . 2 -rc", (1, 2, 0, 0), "rc", "rc", "", ""),
        ("1.0.0-a-b.c", (1, 0, 0, 0), "a-b.c", "a", "b.c", ""),
        ("1.0--x", (1, 0, 0, 0), "-x", "", "x", ""),
        ("1.2.3.4.5", (1, 2, 3, 4), "5", "5", "", ""),
        ("v", (0, 0, 0, 0), "v", "v", "", ""),
        ("1.0beta2", (1, 0, 0, 0), "beta2", "beta2", "", ""),
    ],
)
def test_an_octopus_version_reads_nearly_anything(text, numbers, release, prefix, counter, metadata):
    version = OctopusVersion.parse(text)

    assert version.numbers == numbers
    assert (version.release, version.release_prefix, version.release_counter) == (release, prefix, counter)
    assert version.metadata == metadata
    assert str(version) == text.replace(" ", "")


@pytest.mark.parametrize("text", ["", "  ", "1.0-a b", "1.0#", "1.0+a b", "größe"])
def test_an_octopus_version_refuses(text):
    with pytest.raises(InvalidVersion):
        OctopusVersion.parse(text)


def test_a_number_that_is_too_large_is_named():
    with pytest.raises(NumberTooLarge, match="too large"):
        OctopusVersion.parse("1.2147483648")
    assert OctopusVersion.parse("1.2147483647").minor == 2147483647


@pytest.mark.parametrize(
    ("text", "original", "normalized"),
    [
        ("1.02.0", "1.02.0", "1.2.0"),
        (" v1.2 ", "v1.2", "1.2.0"),
        ("1.2.3.0", "1.2.3.0", "1.2.3"),
        ("1.2.3.4-a.b+c", "1.2.3.4-a.b+c", "1.2.3.4-a.b+c"),
        ("v1. 2", "1.2", "1.2.0"),
        ("1.0.0-", "1.0.0-", "1.0.0"),
        ("1.0.0+", "1.0.0+", "1.0.0"),
        ("1.0.0-a-b", "1.0.0-a-b", "1.0.0-a-b"),
    ],
)
def test_a_semantic_version_keeps_its_text_and_can_be_normalized(text, original, normalized):
    version = SemanticVersion.parse(text)

    assert (version.original, version.normalized) == (original, normalized)


@pytest.mark.parametrize(
    "text", ["", "V1.0", "1.2.3.4.5", "1..2", "a", "1.0-a..b", "1.0-a_b", "1.0+a..b", "1.2147483648", "v", "1.0-+a"]
)
def test_a_semantic_version_refuses(text):
    with pytest.raises(InvalidVersion):
        SemanticVersion.parse(text)


@pytest.mark.parametrize(
    ("text", "numbers", "release", "prerelease"),
    [
        ("1.2.3-4-beta", (1, 2, 3, 4), "-beta", False),
        ("1.2.3-SNAPSHOT", (1, 2, 3, 0), "SNAPSHOT", True),
        ("1.2.3.RELEASE", (1, 2, 3, 0), "RELEASE", False),
        ("1.2-rc1", (1, 2, 0, 0), "rc1", True),
        ("1.2m3", (1, 2, 0, 0), "m3", True),
        ("1.2-b", (1, 2, 0, 0), "b", False),
        ("latest", (0, 0, 0, 0), "latest", False),
        ("", (0, 0, 0, 0), "", False),
        ("1.2.3 ", (1, 2, 3, 0), "", False),
    ],
)
def test_a_maven_version_never_refuses(text, numbers, release, prerelease):
    version = MavenVersion.parse(text)

    assert (version.numbers, version.release, version.is_prerelease) == (numbers, release, prerelease)


def test_the_tag_latest_is_no_prerelease_and_lowest():
    tag = DockerTag.parse("latest")

    assert not tag.is_prerelease
    assert tag == DockerTag.parse("latest")
    assert tag < DockerTag.parse("0.1-alpha")
    assert DockerTag.parse("1.0-alpine").is_prerelease


def test_a_lexicographic_version_has_neither_numbers_nor_prerelease():
    version = LexicographicVersion.parse("v1.2-rc+x")

    assert (version.numbers, version.release, version.metadata) == ((0, 0, 0, 0), "v1.2-rc", "x")
    assert not version.is_prerelease
    with pytest.raises(InvalidVersion):
        LexicographicVersion.parse("a b")


def test_formats_are_chosen_by_feed():
    assert format_of_feed("Maven") is VersionFormat.MAVEN
    assert format_of_feed("Docker") is VersionFormat.DOCKER
    assert format_of_feed("BuiltIn") is VersionFormat.SEMVER
    assert isinstance(parse_version("1", VersionFormat.SEMVER), SemanticVersion)
    assert try_parse_version("?", VersionFormat.OCTOPUS) is None


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("1.4", ["1.4", "9.0", "1.4+x"], ["1.4-beta", "1.3"]),
        ("[1.4]", ["1.4", "1.4.0+m"], ["1.4.1"]),
        ("[1.4,2.0)", ["1.4", "2.0.0-beta"], ["2.0", "1.4-a"]),
        ("(1.4,)", ["1.4.1"], ["1.4"]),
        ("[ 1.4 , ]", ["1.4"], ["1.3"]),
        ("(,2.0]", ["2.0", "0.1"], ["2.0.1"]),
        ("[,2.0]", ["0.0-a"], []),
    ],
)
def test_a_nuget_range_contains(text, inside, outside):
    found = parse_nuget_range(text)

    assert [v for v in inside if not found.contains(SemanticVersion.parse(v))] == []
    assert [v for v in outside if found.contains(SemanticVersion.parse(v))] == []


@pytest.mark.parametrize(
    "text", ["", "x", "(1.4)", "[1.4)", "[2,1]", "[1,1)", "(1,1)", "[1.2.3.4.5]", "(,)", "[1", "[1,2,3]"]
)
def test_a_nuget_range_refuses(text):
    with pytest.raises(InvalidRange):
        parse_nuget_range(text)


@pytest.mark.parametrize(
    ("text", "inside", "outside", "printed"),
    [
        ("1.4", ["0.1", "1.4", "9"], [], "1.4"),
        ("[1.4]", ["1.4"], ["1.4.1"], "[1.4,1.4]"),
        ("[1.4,2)", ["1.4", "2-SNAPSHOT"], ["2"], "[1.4,2)"),
        ("(,1.0],[1.4,)", ["1.0", "1.4"], ["1.2"], "(,1.0],[1.4,)"),
        ("(,1.0] , (1.4 , 2]", ["2"], ["1.4"], "(,1.0],(1.4,2]"),
    ],
)
def test_a_maven_range_contains_and_prints(text, inside, outside, printed):
    found = parse_maven_range(text)

    assert [v for v in inside if not found.contains(MavenVersion.parse(v))] == []
    assert [v for v in outside if found.contains(MavenVersion.parse(v))] == []
    assert str(found) == printed


@pytest.mark.parametrize(
    "text", ["(1.4)", "[1.4,1.4]", "[2,1]", "[1,3],[2,4]", "[3,4],[1,2]", "[1,2],3", "[1,2", "(,1],(,2]"]
)
def test_a_maven_range_refuses(text):
    with pytest.raises(InvalidRange):
        parse_maven_range(text)


@pytest.mark.parametrize(
    ("left", "right", "both"),
    [
        ("[1,3]", "[2,4]", "[2,3]"),
        ("[1,2]", "[2,3]", "[2,2]"),
        ("[1,2)", "[2,3]", ""),
        ("(,1],[3,)", "[0,4)", "[0,1],[3,4)"),
        ("[1,3]", "(1,3)", "(1,3)"),
        ("1.5", "[1,2]", "1.5"),
        ("9", "[1,2]", "[1,2]"),
        ("9", "1.5", "9"),
        ("[1,2]", "1.5", "1.5"),
        ("(,1.0]", "(0,1]", "(0,1.0]"),
        ("[1.0,2)", "(1,2.0)", "(1.0,2)"),
    ],
)
def test_ranges_intersect(left, right, both):
    assert str(parse_maven_range(left).intersect(parse_maven_range(right))) == both


def test_the_best_version_is_the_highest_inside():
    versions = [SemanticVersion.parse(text) for text in ("1.4", "1.9", "2.1", "1.9+x")]

    best = parse_nuget_range("[1.0,2.0)").best(versions)

    assert best is versions[1]


@pytest.mark.parametrize(
    ("version_range", "tag", "version", "accepted"),
    [
        ("", "", "1.0-x", True),
        ("[1.0,2.0)", "", "2.0.0-beta", True),
        ("[1.0,2.0)", "^$", "2.0.0-beta", False),
        ("", "^$", "1.0", True),
        ("", "^$", "1.0+m", False),
        ("", "^(|\\+.*)$", "1.0+m", True),
        ("", "^[^\\+].*", "1.0-rc", True),
        ("", "^[^\\+].*", "1.0+m", False),
        ("", "^beta", "1.0-beta.1", True),
        ("", "^beta", "1.0-alpha", False),
    ],
)
def test_a_rule_of_a_channel_takes_versions(version_range, tag, version, accepted):
    assert VersionRule(version_range, tag).accepts(SemanticVersion.parse(version)) is accepted


def test_a_rule_of_a_maven_feed_reads_mavens_notation():
    rule = VersionRule("(,1.0],[2,)", version_format=VersionFormat.MAVEN)

    assert rule.accepts(MavenVersion.parse("2.1"))
    assert not rule.accepts(MavenVersion.parse("1.5"))
    with pytest.raises(Invalid, match="regular expression"):
        VersionRule("", "(")


@pytest.mark.parametrize(
    ("mask", "current", "expected"),
    [
        ("4.c.i", "4.2.9", "4.2.10"),
        ("4.i.0", "4.2.9", "4.3.0"),
        ("i.i", "4.2.9", "5.0.0"),
        ("4.2.9-rc.i", "4.2.9-rc.7", "4.2.9-rc.8"),
        ("4.2.i", None, "4.2.0"),
        ("1.2.i", "1.2.7", "1.2.8"),
        ("1.i", "1.2.7", "1.3.0"),
        ("1.i.c", "1.4.9", "1.5.0"),
        ("i.c.c", "3.4.5", "4.0.5"),
        ("2.1.c.i", None, "2.1.0.0"),
        ("2.1.c.i", "2.1.5.9", "2.1.5.10"),
        ("1.2.c-rc.i", "1.2.6-rc.3", "1.2.6-rc.4"),
        ("1.2.3-alpha.i", "1.2.3-beta.9", "1.2.3-alpha.10"),
        ("1.2.3-alpha.i", None, "1.2.3-alpha.0"),
        ("3.1.0-i", "3.1.0-4", "3.1.0-5"),
        ("1.0.0-a.i.c", "1.0.0-a.3.4", "1.0.0-a.4.0"),
        ("1.0.0-a.i.x", "1.0.0-a.3.4", "1.0.0-a.4.x"),
        ("v1.i", "1.1", "v1.2"),
        ("1.i", "1.1-rc", "1.2"),
        ("1.0+build.i", "1.0+build.6", "1.0+build.7"),
        ("1.2", "1.1", "1.2"),
        ("1 .2", "1.1", "1.2"),
    ],
)
def test_a_mask_gives_the_next_version(mask, current, expected):
    version = apply_mask(mask, OctopusVersion.parse(current) if current else None)

    assert str(version) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.i", True),
        ("c", True),
        ("1.0-rc.i", True),
        ("1.0+b.c", True),
        ("3.1.0-i", False),
        ("1.0", False),
        ("1.0-i.x", False),
        ("1. i", False),
    ],
)
def test_a_text_is_a_mask_when_it_asks_to_be_filled_in(text, expected):
    assert is_mask(text) is expected


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        ("1.2.i", (1, 2)),
        ("1.i", (1,)),
        ("i.0", ()),
        ("1.c.3.i", (1,)),
        ("1.2.5-rc.i", (1, 2, 5, 0)),
        ("1 . i", (0, 0, 0, 0)),
    ],
)
def test_a_mask_goes_on_from_versions_with_its_fixed_numbers(mask, expected):
    assert fixed_numbers(mask) == expected


@pytest.mark.parametrize(
    ("name", "package_id", "version", "extension"),
    [
        ("Acme.Web.1.0.0.zip", "Acme.Web", "1.0.0", ".zip"),
        ("Shop.Web.2.1.0-rc.3.tar.gz", "Shop.Web", "2.1.0-rc.3", ".tar.gz"),
        ("a-b_c.1.0+m.1.nupkg", "a-b_c", "1.0+m.1", ".nupkg"),
        ("web.1.tar", "web", "1", ".tar"),
        ("web.1.2.3.4.5.zip", "web", "1.2.3.4", ".5.zip"),
        ("jquery.3.7.1.min.zip", "jquery", "3.7.1", ".min.zip"),
        ("Acme%2FWeb@S1.0.0+m@0123456789ABCDEF0123456789ABCDEF.tar.gz", "Acme/Web", "1.0.0+m", ".tar.gz"),
        ("org.acme%3Aweb@M1.0-SNAPSHOT@x.jar", "org.acme:web", "1.0-SNAPSHOT", ".jar"),
        ("img@Olatest@x.tar", "img", "latest", ".tar"),
    ],
)
def test_a_file_name_tells_package_and_version(name, package_id, version, extension):
    found = parse_package_file_name(name)

    assert (found.package_id, str(found.version), found.extension) == (package_id, version, extension)


@pytest.mark.parametrize("name", ["web.zip", "1.zip", "web.1", "a@b@c.zip", "we b.1.0.zip", ("a." * 600) + "1.zip"])
def test_a_file_name_that_tells_nothing_is_refused(name):
    with pytest.raises(InvalidPackageFileName):
        parse_package_file_name(name)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (SemanticVersion.parse("1.0+m"), "a%2Fb@S1.0+m@00FF.zip"),
        (MavenVersion.parse("1:0"), "a%2Fb@M1%3A0@00FF.zip"),
        (DockerTag.parse("latest"), "a%2Fb@Olatest@00FF.zip"),
        (LexicographicVersion.parse("x"), "a%2Fb@Lx@00FF.zip"),
    ],
)
def test_the_name_of_a_cached_file_can_be_read_back(version, expected):
    name = cached_package_file_name("a/b", version, ".zip", "00ff")

    assert name == expected
    assert parse_package_file_name(name) == ("a/b", version, ".zip")


@pytest.mark.parametrize(
    ("text", "with_version", "expected"),
    [
        ("org.acme:web", False, ("org.acme", "web", None, None, None)),
        ("org.acme:web:jar:sources", False, ("org.acme", "web", None, "jar", "sources")),
        ("org.acme:web:1.0:jar", True, ("org.acme", "web", "1.0", "jar", None)),
    ],
)
def test_coordinates_name_a_maven_artifact(text, with_version, expected):
    assert Coordinates.parse(text, with_version=with_version) == expected


def test_coordinates_need_group_and_artifact():
    with pytest.raises(Invalid, match="group:artifact"):
        Coordinates.parse("web")
