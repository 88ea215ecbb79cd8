"""Names of files in headers: whatever they hold, they stay one value of one header."""

from __future__ import annotations

import pytest

from polpo.rest.answers import attachment


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("report.txt", 'attachment; filename="report.txt"'),
        ("my report.txt", 'attachment; filename="my report.txt"'),
        ('a"b.txt', "attachment; filename=\"a_b.txt\"; filename*=UTF-8''a%22b.txt"),
        ("a\\b", "attachment; filename=\"a_b\"; filename*=UTF-8''a%5Cb"),
        ("100%.txt", "attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"),
        (
            "x\r\nSet-Cookie: a=b",
            "attachment; filename=\"x__Set-Cookie: a=b\"; filename*=UTF-8''x%0D%0ASet-Cookie%3A%20a%3Db",
        ),
        ("Übergröße.pdf", "attachment; filename=\"_bergr__e.pdf\"; filename*=UTF-8''%C3%9Cbergr%C3%B6%C3%9Fe.pdf"),
        ("\u202egpj.exe", "attachment; filename=\"_gpj.exe\"; filename*=UTF-8''%E2%80%AEgpj.exe"),
        ("nul\x00", "attachment; filename=\"nul_\"; filename*=UTF-8''nul%00"),
        ("lone \ud800", "attachment; filename=\"lone _\"; filename*=UTF-8''lone%20%3F"),
        ("; filename=other", 'attachment; filename="; filename=other"'),
    ],
)
def test_a_name_is_told_in_full_and_breaks_nothing(name: str, header: str) -> None:
    assert attachment(name)["Content-Disposition"] == header
    header.encode("ascii")


def test_text_of_the_server_s_own_may_be_shown() -> None:
    assert attachment("task.txt", inline=True)["Content-Disposition"] == 'inline; filename="task.txt"'
