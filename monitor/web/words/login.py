"""Logging in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AR: Final[Mapping[str, str]] = {
    "login.title": "تسجيل الدخول",
    "login.name": "الاسم",
    "login.password": "كلمة المرور",
    "login.token": "رمز الدخول",
    "login.nameless": "لمن يدخل برمز: اتركه فارغًا واكتب الرمز مكان كلمة المرور.",
    "login.do": "دخول",
    "login.wrong": "الاسم أو كلمة المرور غير صحيح.",
    "login.later": "محاولات كثيرة. حاول مجددًا بعد {length}.",
    "login.busy": "محاولات دخول كثيرة في اللحظة نفسها. حاول مجددًا بعد قليل.",
    "logout.title": "تسجيل الخروج",
    "logout.as": "دخلت باسم",
    "logout.do": "خروج",
}
EN: Final[Mapping[str, str]] = {
    "login.title": "Log in",
    "login.name": "Name",
    "login.password": "Password",
    "login.token": "Token",
    "login.nameless": "With a token: leave this empty, and write the token as the password.",
    "login.do": "Log in",
    "login.wrong": "The name or the password is wrong.",
    "login.later": "Too many tries. Try again in {length}.",
    "login.busy": "Many are logging in at this moment. Try again shortly.",
    "logout.title": "Log out",
    "logout.as": "You are logged in as",
    "logout.do": "Log out",
}
