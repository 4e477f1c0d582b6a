"""How often a password may be tried, or a mail asked for. Knows no page.

Counted in the database, so that all threads and processes count together, and by conditional
updates, so that two at once never both take the last place. A key is a hash of what is tried, of
whom and from where: the table tells nobody who was here.

A class shares one address, and an attacker may have many. Passwords are therefore counted by name
and address together, where ten tries are plenty, and by address alone, where a whole class
mistypes before it is too much. A try that succeeds is given back.
"""

import math
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from course.accounts.models import Throttle

KEPT = timedelta(days=1)
"""Longer than any period: what is older is of no use."""

NETWORK = 64
"""Bits of an IPv6 address that say whose network it is."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """So many tries in a period, for one key."""

    key: str
    tries: int
    period: timedelta

    def take(self) -> int:
        """Count a try. 0, or the seconds to wait where there is no room."""
        if self._add() or self._begin() or self._add():
            return 0
        row = Throttle.objects.filter(key=self.key).first()
        left = (row.since + self.period - timezone.now()).total_seconds() if row else 0
        return max(1, math.ceil(left))

    def give_back(self) -> None:
        """Count a try less."""
        Throttle.objects.filter(key=self.key, count__gt=0).update(count=F("count") - 1)

    def _add(self) -> bool:
        """Add to a period that runs and has room."""
        runs = Throttle.objects.filter(key=self.key, since__gt=timezone.now() - self.period)
        return runs.filter(count__lt=self.tries).update(count=F("count") + 1) == 1

    def _begin(self) -> bool:
        """Begin the first period, or another after one that is over."""
        now = timezone.now()
        over = Throttle.objects.filter(key=self.key, since__lte=now - self.period)
        if over.update(count=1, since=now):
            return True
        _, made = Throttle.objects.get_or_create(key=self.key)
        if made:
            Throttle.objects.filter(since__lt=now - KEPT).delete()
        return made


Buckets = list[Bucket]


def password_tries(request: HttpRequest, name: str) -> Buckets:
    """For whoever says to be this person and has to prove it."""
    address, period = address_of(request), timedelta(minutes=10)
    return [
        Bucket(_key("password", _folded(name), address), 10, period),
        Bucket(_key("password", address), 100, period),
    ]


def mails(request: HttpRequest, email: str) -> Buckets:
    """For whoever wants a mail sent there, known or not."""
    period = timedelta(hours=1)
    return [
        Bucket(_key("mail", _folded(email)), 5, period),
        Bucket(_key("mail", address_of(request)), 50, period),
    ]


def new_accounts(request: HttpRequest) -> Buckets:
    """For whoever makes accounts: a whole class may, a list of names to try may not."""
    return [Bucket(_key("sign-up", address_of(request)), 300, timedelta(minutes=10))]


def new_guests(request: HttpRequest) -> Buckets:
    """For whoever begins: a large class may at once, a program that forgets its cookies may not."""
    return [Bucket(_key("guest", address_of(request)), 300, timedelta(hours=1))]


def take(buckets: Buckets) -> int:
    """Count a try in each bucket. 0, or the seconds to wait; then it counts nowhere."""
    for number, bucket in enumerate(buckets):
        if wait := bucket.take():
            give_back(buckets[:number])
            return wait
    return 0


def give_back(buckets: Buckets) -> None:
    """Count a try less in each: it was a good one."""
    for bucket in buckets:
        bucket.give_back()


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: what the proxy in front has seen, if there is one.

    The last entry is the proxy's own; those before it are whatever a visitor has sent. Of IPv6 it
    is the network: one household has more addresses than there are tries.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    given = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(given)
    except ValueError:  # a socket has none, a proxy may write what it likes
        return given
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), NETWORK), strict=False))
    return str(address)


def _folded(name: str) -> str:
    """A name as signing in understands it: otherwise each spelling had tries of its own."""
    return unicodedata.normalize("NFKC", name.strip()).lower()


def _key(*parts: str) -> str:
    return salted_hmac("course.accounts.throttle", repr(parts), algorithm="sha256").hexdigest()
