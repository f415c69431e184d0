"""Management of accounts and classes, for the account created at the first start."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from etabli.web.accounts.models import ClassGroup, User

# Django's forms and admin classes are generic for the type checker only.
if TYPE_CHECKING:
    CreationForm: TypeAlias = AdminUserCreationForm[User]
    ChangeForm: TypeAlias = UserChangeForm[User]
    AccountsAdmin: TypeAlias = UserAdmin[User]
    GroupAdmin: TypeAlias = admin.ModelAdmin[ClassGroup]
else:
    CreationForm, ChangeForm = AdminUserCreationForm, UserChangeForm
    AccountsAdmin, GroupAdmin = UserAdmin, admin.ModelAdmin


class AccountCreationForm(CreationForm):
    """A new account."""

    class Meta:
        model = User
        fields = ("username", "display_name", "role", "class_group")


class AccountChangeForm(ChangeForm):
    """A known account."""

    class Meta:
        model = User
        fields = "__all__"


admin.site.site_header = admin.site.site_title = "Établi"


@admin.register(User)
class AccountAdmin(AccountsAdmin):
    """Accounts."""

    form = AccountChangeForm
    add_form = AccountCreationForm
    list_display = ("username", "display_name", "role", "class_group", "is_active")
    list_filter = ("role", "class_group", "is_active")
    search_fields = ("username", "display_name")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Personne"), {"fields": ("display_name", "role", "class_group")}),
        (_("Droits"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username",
                    "display_name",
                    "role",
                    "class_group",
                    "usable_password",
                    "password1",
                    "password2",
                ),
            },
        ),
    )


@admin.register(ClassGroup)
class ClassGroupAdmin(GroupAdmin):
    """Classes."""

    search_fields = ("name",)
