"""People in the admin site: find them, see what they may do, help with a password.

Rights are given by superusers alone. Whoever else may edit people cannot touch staff, or a
password reset would be a way to become one of them. Guests can be looked at and deleted: they
have nothing to edit.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import PermissionsMixin
from django.db.models import Field, QuerySet
from django.http import HttpRequest

from course.accounts.models import User

RIGHTS = ("is_staff", "is_superuser", "groups")
FACTS = ("handle", "joined", "last_seen", "last_login")


class KindFilter(admin.SimpleListFilter):
    """Guests, accounts or everybody."""

    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:  # noqa: ARG002
        """Return the two kinds there are."""
        return [("guest", "guests"), ("account", "accounts")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:  # noqa: ARG002
        """Keep the chosen kind. Anything else in the address keeps everybody."""
        without_name = {"guest": True, "account": False}.get(self.value() or "")
        return queryset if without_name is None else queryset.filter(username__isnull=without_name)


@admin.register(User)
class PeopleAdmin(UserAdmin[User]):
    """Guests and accounts in one list, latest first."""

    list_display = ("__str__", "handle", "kind", "is_staff", "is_active", "joined", "last_seen")
    list_filter = (KindFilter, "is_staff", "is_active", "joined", "last_seen")
    search_fields = ("username", "handle", "email")
    ordering = ("-last_seen", "-pk")
    readonly_fields = FACTS
    filter_horizontal = ("groups",)
    fieldsets = (
        (None, {"fields": ("username", "email", "password", "is_active")}),
        ("Rights", {"fields": RIGHTS}),
        ("Facts", {"fields": FACTS}),
    )

    @admin.display(ordering="username")
    def kind(self, user: User) -> str:
        """Return what the filter calls it."""
        return "guest" if user.is_guest else "account"

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Ask for a name always: without one, saving would make a guest of an account."""
        if db_field.name == "username":
            kwargs |= {"required": True, "empty_value": ""}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(
        self, request: HttpRequest, obj: User | None = None
    ) -> list[str] | tuple[str, ...]:
        """Show rights to everybody who may come here, let superusers alone change them."""
        fields = super().get_readonly_fields(request, obj)
        return fields if _is_superuser(request) else (*fields, *RIGHTS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse to edit guests, and staff unless a superuser asks. Covers passwords too."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or (not obj.is_guest and _may_touch(request, obj)))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse to delete staff unless a superuser asks."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or _may_touch(request, obj))


def _is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, PermissionsMixin) and request.user.is_superuser


def _may_touch(request: HttpRequest, person: User) -> bool:
    return _is_superuser(request) or not (person.is_staff or person.is_superuser)
