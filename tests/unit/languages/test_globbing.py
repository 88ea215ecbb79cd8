import pytest

from polpo.languages.globbing import fixed_folder, is_pattern, matches


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.config", "web.config", True),
        ("*.config", "a/web.config", False),
        ("**/*.config", "web.config", True),
        ("**/*.config", "a/b/web.config", True),
        ("**", "a/b/c.txt", True),
        ("a/**", "a/b/c.txt", True),
        ("a/**", "b/c.txt", False),
        ("a/**/c.txt", "a/c.txt", True),
        ("a**/c.txt", "ab/c.txt", True),
        ("file?.txt", "file1.txt", True),
        ("file?.txt", "file.txt", False),
        ("file[12].txt", "file2.txt", True),
        ("file[1-3].txt", "file2.txt", True),
        ("file[!12].txt", "file2.txt", False),
        ("a.{json,yaml}", "a.yaml", True),
        ("{a,b/*}.txt", "b/x.txt", True),
        ("a\\b\\*.txt", "a/b/c.txt", True),
        ("./a.txt", "a.txt", True),
        ("a[.txt", "a[.txt", True),
        ("a{.txt", "a{.txt", True),
        ("[old]/*.txt", "[old]/a.txt", True),
        ("{old}/*.txt", "{old}/a.txt", True),
        ("[old]/*.txt", "[new]/a.txt", False),
        ("a(1)+.txt", "a(1)+.txt", True),
        ("A.txt", "a.txt", False),
    ],
)
def test_a_pattern_takes_in_whole_paths(pattern, path, expected):
    assert matches(pattern, path) is expected


def test_case_counts_only_where_it_is_asked_for():
    assert matches("A/*.TXT", "a/b.txt", case_sensitive=False)


def test_a_search_starts_at_the_fixed_folder():
    assert fixed_folder("a/b/*.txt") == "a/b"
    assert fixed_folder("*.txt") == ""
    assert is_pattern("a?b")
    assert not is_pattern("a/b.txt")
