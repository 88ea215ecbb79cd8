"""How the paths that clients send become the one that is routed."""

from __future__ import annotations

import pytest

from polpo.rest.paths import PathForms, RefTails, unescaped

TAILS = RefTails(
    [
        "/api/projects/{id}/{git_ref}/variables",
        "/api/projects/{id}/{git_ref}/deploymentprocesses/template",
        "/api/projects/{id}/{git_ref}/runbooks",
        "/api/projects/{id}/{git_ref}/runbooks/{runbook_id}",
        "/api/projects/{id}/channels",
    ]
)
FORMS = PathForms(frozenset({"users"}), frozenset({"logo"}), TAILS)


@pytest.mark.parametrize(
    ("sent", "canonical"),
    [
        ("/api", "/api"),
        ("/api/", "/api"),
        ("/api/users/me", "/api/users/me"),
        ("/api/projects", "/api/Spaces-1/projects"),
        ("/api/spaces-2/projects/", "/api/Spaces-2/projects"),
        ("/api/spaces/Spaces-2/projects", "/api/Spaces-2/projects"),
        ("/api/tagsets/TagSets-1%2FTags-1", "/api/Spaces-1/tagsets/TagSets-1%2FTags-1"),
        ("/api/projects/100%2525", "/api/Spaces-1/projects/100%2525"),
        ("/api/projects/P/refs%2Fheads%2Fmain/variables", "/api/Spaces-1/projects/P/refs%2Fheads%2Fmain/variables"),
        ("/api/projects/P/refs/heads/main/variables", "/api/Spaces-1/projects/P/refs%2Fheads%2Fmain/variables"),
        ("/api/projects/P/Refs/Tags/v1/Variables", "/api/Spaces-1/projects/P/Refs%2FTags%2Fv1/Variables"),
        (
            "/api/projects/P/refs/heads/feature/variables/variables",
            "/api/Spaces-1/projects/P/refs%2Fheads%2Ffeature%2Fvariables/variables",
        ),
        (
            "/api/projects/P/refs/heads/a/b/runbooks/Runbooks-1",
            "/api/Spaces-1/projects/P/refs%2Fheads%2Fa%2Fb/runbooks/Runbooks-1",
        ),
        ("/api/projects/P/refs/heads/main", "/api/Spaces-1/projects/P/refs/heads/main"),
        ("/api/projects/P/feature%2Fx/variables", "/api/Spaces-1/projects/P/feature%2Fx/variables"),
    ],
)
def test_path_is_brought_into_one_form(sent: str, canonical: str) -> None:
    assert FORMS.canonical(sent, sent.encode()) == canonical


def test_web_server_that_keeps_the_sent_path_to_itself_gets_along() -> None:
    assert FORMS.canonical("/api/projects/P/refs/heads/main/variables") == (
        "/api/Spaces-1/projects/P/refs%2Fheads%2Fmain/variables"
    )


@pytest.mark.parametrize("text", ["refs/heads/main", "50%", "%2F", "a b", "ä/%25"])
def test_segment_comes_back_as_it_was_sent(text: str) -> None:
    sent = "/api/projects/" + text.replace("%", "%25").replace("/", "%2F")
    assert unescaped(FORMS.canonical(sent, sent.encode()).rsplit("/", 1)[1]) == text
