"""Our own files: kept by browsers, and nothing but these."""

from __future__ import annotations

import pytest

from monitor.web import static_files
from monitor.web.static_files import FOLDER, KEPT, static
from tests.web.site import a_desk, client


@pytest.fixture
def browser(tmp_path):
    return client(a_desk(tmp_path))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = tmp_path / "static"
    made.mkdir()
    monkeypatch.setattr(static_files, "FOLDER", made)
    return made


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.[cj]s*")))
def test_a_file_at_its_own_address_is_kept_and_never_asked_for_again(browser, name):
    answer = browser.get(static(name))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, KEPT)
    assert answer.content == (FOLDER / name).read_bytes()


@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789abcdef", "?v=a&v=b", "?w=1"])
def test_at_any_other_address_it_is_asked_for_anew_and_not_sent_again(browser, query):
    answer = browser.get(f"/static/site.css{query}")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    again = browser.get(f"/static/site.css{query}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_new_content_has_a_new_address(folder, tmp_path):
    (folder / "a.css").write_text("a { color: red }")
    before = static("a.css")
    (folder / "a.css").write_text("a { color: green }")
    assert static("a.css") != before


def test_a_file_that_is_not_there_has_no_address(folder):
    with pytest.raises(FileNotFoundError):
        static("a.css")


@pytest.mark.parametrize("path", [
    "", "/", ".", "../app.py", "..%2fapp.py", "%2e%2e/app.py", "..%5capp.py", "//etc/passwd", "/etc/passwd",
    "site.css/../../app.py", "%2e%2e%2f%2e%2e%2fconfig.py", "site.css%00", "no-such.css", ".hidden", "x" * 5000,
])  # fmt: skip
def test_nothing_else_is_served(browser, path):
    answer = browser.get(f"http://127.0.0.1:8080/static/{path}")
    assert answer.status_code in (404, 400)
    assert "from __future__" not in answer.text
    assert "root:" not in answer.text


def test_what_leads_out_of_the_folder_or_is_hidden_is_not_served(folder, tmp_path):
    (tmp_path / "secret.css").write_text("secret")
    (folder / "link.css").symlink_to(tmp_path / "secret.css")
    (folder / ".hidden.css").write_text("hidden")
    (folder / "own.css").write_text("own")
    browser = client(a_desk(tmp_path))
    names = ("own.css", "link.css", ".hidden.css")
    assert [browser.get(f"/static/{name}").status_code for name in names] == [200, 404, 404]


def test_pages_name_their_files_by_content(browser):
    page = browser.get("/no-such-page").text
    assert f'href="{static("site.css")}"' in page
    assert f'src="{static("htmx.min.js")}"' in page
