"""Addresses of people."""

from django.urls import path

from course.accounts.views import account, entrance, passwords

urlpatterns = [
    path("admin/login/", entrance.admin_sign_in),
    path("account/", account.account, name="account"),
    path("account/sign-up/", entrance.sign_up, name="sign-up"),
    path("account/sign-in/", entrance.sign_in, name="sign-in"),
    path("account/sign-out/", entrance.sign_out, name="sign-out"),
    path("account/details/", account.details, name="account-details"),
    path("account/erase/", account.erase, name="account-erase"),
    path("account/password/", passwords.change, name="password"),
    path("account/password/forgotten/", passwords.forgotten, name="password-forgotten"),
    path("account/password/sent/", passwords.mail_sent, name="password-mail-sent"),
    path("account/password/<uid>/<token>/", passwords.renew, name="password-renew"),
]
