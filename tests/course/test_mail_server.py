"""The mail server as one address."""

import pytest

from course.mail_server import MailServer, read


def test_without_an_address_mail_is_printed() -> None:
    assert read("") == MailServer()
    assert MailServer().backend.endswith("console.EmailBackend")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail", ("mail", 25, "", "", False, False)),
        ("smtp://mail:2525", ("mail", 2525, "", "", False, False)),
        ("smtp://me%40x:p%2Fw@mail:587", ("mail", 587, "me@x", "p/w", True, False)),
        ("smtps://me:pw@mail", ("mail", 465, "me", "pw", False, True)),
    ],
)
def test_an_address_says_it_all(url: str, expected: tuple[object, ...]) -> None:
    server = read(url)
    assert server.backend.endswith("smtp.EmailBackend")
    found = (server.host, server.port, server.user, server.password, server.starttls, server.tls)
    assert found == expected


@pytest.mark.parametrize("url", ["mail", "http://mail", "smtp://", "smtp:mail"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="LOOPWISE_EMAIL_URL"):
        read(url)
