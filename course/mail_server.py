"""The mail server, from one address: `smtp://user:password@host:587`, `smtps://` for TLS at once.

A `smtp://` server is asked for STARTTLS when a user is named: no password travels in the clear.
"""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

BACKENDS = "django.core.mail.backends"


@dataclass(frozen=True, slots=True)
class MailServer:
    """What Django's EMAIL_* settings want to know."""

    backend: str = f"{BACKENDS}.console.EmailBackend"
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


def read(url: str) -> MailServer:
    """Read the address. Without one, mail is written to the terminal. Raises `ValueError`."""
    if not url:
        return MailServer()
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("LOOPWISE_EMAIL_URL is not of the form smtp://user:password@host:587")
    tls = parts.scheme == "smtps"
    return MailServer(
        backend=f"{BACKENDS}.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or (465 if tls else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=bool(parts.username) and not tls,
        tls=tls,
    )
