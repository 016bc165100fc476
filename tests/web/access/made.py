"""Rules with ways in, and browsers that come from where a test says."""

from __future__ import annotations

from argon2 import PasswordHasher
from starlette.testclient import TestClient

from monitor.web.app import make_app
from monitor.web.desk import Desk
from tests.web.site import ORIGIN, RULES, csrf_of

PASSWORD = "a long password of the test"
TOKEN = "0123456789abcdef-of-the-test"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
OTHER_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("another password of the test")
USERS = f"users: {{salma: '{HASH}', omar: '{OTHER_HASH}'}}"
WITH_TOKEN = 'token: "${WEB_TOKEN}"'
TRUST = "trust: {proxy: 10.0.0.1, header: X-Forwarded-User}"
PROXY = "10.0.0.1"


def desk_with(folder, *settings, environ=None):
    path = folder / "rules.yaml"
    path.write_text(f"{RULES}web: {{{', '.join(settings)}}}\n" if settings else RULES, encoding="utf-8")
    return Desk(path, folder / "state", environ={"WEB_TOKEN": TOKEN} if environ is None else environ)


def browser_of(app, *, peer="127.0.0.1", base=ORIGIN, **headers):
    named = {"Accept": "text/html", "Accept-Language": "en"} | {k.replace("_", "-"): v for k, v in headers.items()}
    made = TestClient(app, base_url=base, headers=named, raise_server_exceptions=False, client=(peer, 50000))
    made.follow_redirects = False
    return made


def app_with(folder, *settings, **more):
    return make_app(desk_with(folder, *settings, **more))


def log_in(browser, name="salma", password=PASSWORD, *, there="/", origin=ORIGIN):
    token = csrf_of(browser.get("/login").text)
    fields = {"csrf": token, "name": name, "password": password, "next": there}
    return browser.post("/login", data=fields, headers={"Origin": origin})
