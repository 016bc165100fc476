"""Logging in and out: over HTTP, as browsers do it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from monitor.web.access import log_in as judging
from monitor.web.access import streams, tries
from monitor.web.access.log_in import LogIns
from monitor.web.access.sessions import LASTS
from monitor.web.app import make_app
from tests.web.access.made import (
    OTHER_HASH,
    PASSWORD,
    PROXY,
    TOKEN,
    TRUST,
    USERS,
    WITH_TOKEN,
    app_with,
    browser_of,
    desk_with,
    log_in,
)
from tests.web.site import ORIGIN, csrf_of
from tests.world import NOW, FakeClock


def who(request):
    return PlainTextResponse(request.state.user)


def with_page(app):
    app.router.routes += [Route("/who", who, methods=["GET", "POST"])]
    return app


@pytest.fixture
def clock():
    return FakeClock(NOW)


@pytest.fixture
def app(tmp_path, clock):
    desk = desk_with(tmp_path, USERS)
    desk.clock = clock
    return with_page(make_app(desk))


@pytest.fixture
def browser(app):
    return browser_of(app)


def test_a_stranger_is_led_to_the_form_and_from_there_to_where_they_wanted_to_go(browser):
    answer = browser.get("/who?a=1&b=2")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={quote('/who?a=1&b=2', safe='')}")
    page = browser.get(answer.headers["location"]).text
    assert 'value="/who?a=1&amp;b=2"' in page
    answer = log_in(browser, there="/who?a=1&b=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/who?a=1&b=2")
    assert browser.get("/who").text == "salma"


@pytest.mark.parametrize(("headers", "location"), [
    ({"Accept": "application/json"}, None), ({"Accept": "text/event-stream"}, None), ({"HX-Request": "true"}, None),
])  # fmt: skip
def test_a_program_is_told_and_not_led(browser, headers, location):
    answer = browser.get("/who", headers=headers)
    assert (answer.status_code, answer.headers.get("location")) == (401, location)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers.get("hx-redirect") == ("/login" if "HX-Request" in headers else None)


@pytest.mark.parametrize(("name", "password"), [
    ("salma", "wrong"), ("salma", ""), ("salma", f"{PASSWORD} "),
    ("omar", PASSWORD), ("nobody", PASSWORD), ("", PASSWORD),
    ("token", PASSWORD), ("token", ""), ("", ""), ("salma", "كلمة"), ("سلمى", PASSWORD), ("salma", "a" * 3000),
])  # fmt: skip
def test_a_wrong_name_or_password_opens_nothing_and_it_is_not_told_which(browser, name, password):
    answer = log_in(browser, name, password)
    assert answer.status_code == 403
    assert "The name or the password is wrong." in answer.text
    assert "monitor_session" not in answer.headers.get("set-cookie", "")
    assert browser.get("/who").status_code == 303


def test_the_work_for_a_name_that_nobody_has_is_the_same(app, monkeypatch):
    looked_at = []
    monkeypatch.setattr(LogIns, "_matches", lambda self, proof, password: bool(looked_at.append(proof)))
    for name in ("salma", "nobody"):
        log_in(browser_of(app), name, "wrong")
    assert len(looked_at) == 2


@pytest.mark.parametrize("there", [
    "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\t/evil.example",
    "\\\\evil.example",
    "/%0d%0aX: y\r\nX: y", "evil.example", "", "/login?next=/", "/logout", "/a\\..\\b",
])  # fmt: skip
def test_one_is_led_to_no_other_site(browser, there):
    assert log_in(browser, there=there).headers["location"] == "/"


def test_the_cookie_of_a_session_is_for_this_site_and_no_script(browser):
    cookie = log_in(browser).headers["set-cookie"]
    assert cookie.startswith("monitor_session=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", f"Max-Age={int(LASTS.total_seconds())}"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-Proto": "https"}])
def test_over_tls_the_cookies_are_bound_to_the_host(tmp_path, headers):
    app = with_page(app_with(tmp_path, USERS, "url: https://desk.example"))
    base = "https://desk.example" if not headers else "http://desk.example"
    browser = browser_of(app, base=base, **headers)
    token = csrf_of(browser.get("/login").text)
    given = browser.get("/login").headers.get("set-cookie", "")
    answer = browser_of(app, base="https://desk.example").get("/login")
    assert answer.headers["set-cookie"].startswith("__Host-monitor_visit=")
    assert "Secure" in answer.headers["set-cookie"]
    if not headers:
        assert given == ""
        fields = {"csrf": token, "name": "salma", "password": PASSWORD}
        cookie = browser.post("/login", data=fields, headers={"Origin": base}).headers["set-cookie"]
        assert cookie.startswith("__Host-monitor_session=")
        assert "Secure" in cookie
        assert browser.get("/who").text == "salma"
        plain = {"Cookie": cookie.replace("__Host-", "", 1).partition(";")[0]}
        assert browser_of(app, base=base).get("/who", headers=plain).status_code == 303  # one that others could set


def test_leaving_ends_the_session_for_whoever_kept_its_cookie(browser, app):
    log_in(browser)
    kept = {"Cookie": f"monitor_session={browser.cookies['monitor_session']}"}
    assert browser_of(app).get("/who", headers=kept).text == "salma"
    token = csrf_of(browser.get("/logout").text)
    answer = browser.post("/logout", data={"csrf": token}, headers={"Origin": ORIGIN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert browser.get("/who").status_code == 303
    assert browser_of(app).get("/who", headers=kept).status_code == 303


def test_a_session_that_was_left_stays_so_for_a_process_that_comes_anew(tmp_path):
    (tmp_path / "state").mkdir()
    browser = browser_of(with_page(app_with(tmp_path, USERS)))
    log_in(browser)
    kept = {"Cookie": f"monitor_session={browser.cookies['monitor_session']}"}
    beside = with_page(app_with(tmp_path, USERS))
    assert browser_of(beside).get("/who", headers=kept).text == "salma"  # the key outlives a process
    browser.post("/logout", data={"csrf": csrf_of(browser.get("/logout").text)}, headers={"Origin": ORIGIN})
    assert browser_of(beside).get("/who", headers=kept).status_code == 303
    assert browser_of(with_page(app_with(tmp_path, USERS))).get("/who", headers=kept).status_code == 303
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "state").glob("web.*")} == {0o600}


def test_a_session_ends_with_its_time(browser, clock):
    log_in(browser)
    clock.advance(LASTS - timedelta(seconds=1))
    assert browser.get("/who").text == "salma"
    clock.advance(timedelta(seconds=1))
    assert browser.get("/who").status_code == 303


def test_a_new_password_ends_every_session_of_its_user_and_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.web.desk.LOOK_EVERY", 0.0)
    app = with_page(app_with(tmp_path, USERS))
    hers, his = browser_of(app), browser_of(app)
    log_in(hers)
    log_in(his, "omar", "another password of the test")
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace(USERS, f"users: {{salma: '{OTHER_HASH}', omar: '{OTHER_HASH}'}}"),
        encoding="utf-8",
    )
    his.get("/who")  # the file is seen to have changed
    assert his.get("/who").text == "omar"
    assert hers.get("/who").status_code == 303


@pytest.mark.parametrize("change", [
    lambda cookie: cookie[:-1] + ("A" if cookie[-1] != "A" else "B"),
    lambda cookie: cookie.partition(".")[0],
    lambda cookie: "." + cookie.partition(".")[2],
    lambda cookie: cookie[1:],
    lambda cookie: "",
    lambda cookie: "x.y",
    lambda cookie: "A" * 5000,
])  # fmt: skip
def test_a_cookie_that_is_not_as_we_made_it_is_nothing(browser, app, change):
    log_in(browser)
    cookie = change(browser.cookies["monitor_session"])
    assert browser_of(app).get("/who", headers={"Cookie": f"monitor_session={cookie}"}).status_code == 303


def test_what_goes_on_and_on_ends_with_the_session(app, browser, clock):
    """As the events of the server: else who left would go on being told."""

    def stream(request):
        def parts():
            yield "first "
            clock.advance(timedelta(seconds=streams.EVERY))
            yield "second "
            clock.advance(LASTS)
            yield "third "
            yield "fourth"

        return StreamingResponse(parts())

    app.router.routes.append(Route("/stream", stream))
    log_in(browser)
    assert browser.get("/stream").text == "first second "


def test_the_form_of_a_session_belongs_to_it(browser, app):
    log_in(browser)
    token = csrf_of(browser.get("/logout").text)
    other = browser_of(app)
    log_in(other, "omar", "another password of the test")
    assert other.post("/who", data={"csrf": token}, headers={"Origin": ORIGIN}).status_code == 403
    assert browser.post("/who", data={"csrf": token}, headers={"Origin": ORIGIN}).text == "salma"


def test_nobody_is_logged_in_by_another_site(browser):
    """Else one could be made to work under the name of another."""
    fields = {"name": "salma", "password": PASSWORD, "csrf": csrf_of(browser.get("/login").text)}
    assert browser.post("/login", data=fields, headers={"Origin": "https://evil.example"}).status_code == 403
    assert browser.post("/login", data=fields | {"csrf": ""}, headers={"Origin": ORIGIN}).status_code == 403


def test_people_log_in_with_the_token_where_there_are_no_names(tmp_path):
    browser = browser_of(with_page(app_with(tmp_path, WITH_TOKEN)))
    page = browser.get("/login").text
    assert 'name="name"' not in page
    assert log_in(browser, "", "wrong").status_code == 403
    assert log_in(browser, "", TOKEN).status_code == 303
    assert browser.get("/who").text == "token"


def test_where_nobody_has_to_log_in_there_is_no_form(tmp_path):
    browser = browser_of(app_with(tmp_path))
    assert browser.get("/login").headers["location"] == "/"
    assert browser.get("/logout").headers["location"] == "/"


def test_the_way_out_is_shown_to_those_who_came_in_by_the_form(app, tmp_path):
    browser = browser_of(app)
    log_in(browser)
    assert 'action="/logout"' in browser.get("/").text
    named = browser_of(app_with(tmp_path, TRUST), peer=PROXY, X_Forwarded_User="salma")
    page = named.get("/").text
    assert '<bdi dir="auto">salma</bdi>' in page
    assert 'action="/logout"' not in page


@pytest.mark.parametrize(("language", "word"), [("ar", "تسجيل الدخول"), ("en", "Log in")])
def test_the_form_speaks_both_languages_and_needs_no_script(browser, language, word):
    page = browser.get(f"/login?lang={language}").text
    assert word in page
    assert 'autocomplete="current-password"' in page
    assert page.count("<label") == 2


# --- so many, and no more


def test_after_so_many_failures_an_account_waits_wherever_they_come_from(app, clock):
    for number in range(tries.PER_ACCOUNT):
        assert log_in(browser_of(app, peer=f"127.0.0.{number + 1}"), password="wrong").status_code == 403
    answer = log_in(browser_of(app, peer="127.0.0.99"))
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= tries.WINDOW + 1
    assert log_in(browser_of(app, peer="127.0.0.99"), "omar", "another password of the test").status_code == 303
    clock.advance(timedelta(seconds=tries.WINDOW + 1))
    assert log_in(browser_of(app, peer="127.0.0.99")).status_code == 303


def test_a_name_that_nobody_has_waits_as_well(app):
    for _ in range(tries.PER_ACCOUNT):
        log_in(browser_of(app), "nobody", "wrong")
    assert log_in(browser_of(app), "nobody", "wrong").status_code == 429


def test_an_address_waits_whichever_names_it_tries(app):
    for number in range(tries.PER_ADDRESS):
        log_in(browser_of(app), f"name{number}", "wrong")
    assert log_in(browser_of(app)).status_code == 429
    assert log_in(browser_of(app, peer="127.0.0.2")).status_code == 303


def test_all_together_wait_when_many_come_from_everywhere(app, clock):
    for number in range(tries.IN_ALL):
        log_in(browser_of(app, peer=f"127.0.1.{number}"), f"name{number}", "wrong")
    assert log_in(browser_of(app)).status_code == 429
    clock.advance(timedelta(seconds=tries.MINUTE + 1))
    assert log_in(browser_of(app)).status_code == 303


def test_who_logs_in_begins_anew(app, clock):
    for _ in range(2):
        for _ in range(tries.PER_ACCOUNT - 1):
            log_in(browser_of(app), password="wrong")
        assert log_in(browser_of(app)).status_code == 303
        clock.advance(timedelta(seconds=tries.WINDOW + 1))


def test_behind_the_proxy_each_reader_is_counted_alone(tmp_path):
    app = app_with(tmp_path, USERS, TRUST)
    for number in range(tries.PER_ADDRESS):
        forged = f"192.0.2.{number}, 203.0.113.9"  # the proxy adds the last one; what stands before is anybody's word
        log_in(browser_of(app, peer=PROXY, X_Forwarded_For=forged), f"name{number}", "wrong")
    assert log_in(browser_of(app, peer=PROXY, X_Forwarded_For="203.0.113.9")).status_code == 429
    assert log_in(browser_of(app, peer=PROXY, X_Forwarded_For="203.0.113.10")).status_code == 303


def test_so_many_are_worked_on_and_the_others_told_to_come_again(tmp_path, monkeypatch):
    """One hash at a time, and a queue with an end: nobody makes us work on a hundred at once."""
    access = desk_with(tmp_path, USERS).config.access
    log_ins = LogIns()
    for _ in range(judging.AT_ONCE):
        assert log_ins._waiting.acquire(blocking=False)
    outcome = log_ins.judge("salma", PASSWORD, "a", access, now=0.0)
    assert isinstance(outcome, judging.Later)
    assert outcome.busy
    log_ins._waiting.release()
    assert log_ins.judge("salma", PASSWORD, "a", access, now=0.0) == judging.Welcome("salma")


def test_neither_a_password_nor_a_name_that_nobody_has_is_logged(app, caplog):
    caplog.set_level("INFO")
    log_in(browser_of(app), PASSWORD, "another secret of the test")
    log_in(browser_of(app), "salma", "another secret of the test")
    told = " ".join(str(record.__dict__) for record in caplog.records)
    assert "web.log_in_failed" in told
    assert "salma" in told
    assert PASSWORD not in told
    assert "another secret" not in told


def test_a_desk_is_not_needed_to_read_a_cookie_of_another(tmp_path):
    """Each state directory has a key of its own."""
    for name in ("one", "two"):
        (tmp_path / name / "state").mkdir(parents=True)
    browser = browser_of(with_page(app_with(tmp_path / "one", USERS)))
    log_in(browser)
    kept = {"Cookie": f"monitor_session={browser.cookies['monitor_session']}"}
    assert browser_of(with_page(app_with(tmp_path / "two", USERS))).get("/who", headers=kept).status_code == 303
