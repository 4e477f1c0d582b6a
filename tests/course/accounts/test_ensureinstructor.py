"""The first login of a new site."""

import re
from io import StringIO

import pytest
from django.core.management import call_command

from course.accounts.models import User

pytestmark = pytest.mark.django_db


def said() -> str:
    out = StringIO()
    call_command("ensureinstructor", stdout=out)
    return out.getvalue()


def test_it_makes_a_login_whose_printed_password_works() -> None:
    found = re.search(r"instructor / (\S+)", said())
    assert found is not None
    instructor = User.objects.get(username="instructor")
    assert instructor.check_password(found[1])
    assert instructor.is_staff


def test_it_says_the_password_once_and_keeps_it() -> None:
    said()
    before = User.objects.get(username="instructor").password
    assert said() == ""
    assert User.objects.get(username="instructor").password == before


def test_it_draws_a_new_password_for_every_site() -> None:
    first = said()
    User.objects.all().delete()
    assert said() != first
