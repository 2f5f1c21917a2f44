"""The page at /: as files, and in a real browser."""

import json
import re

import pytest

import people
from browser import CHROMIUM, Browser
from people import PASSWORD, auth


def test_the_page_needs_nothing_inline_and_nothing_from_elsewhere(make_daemon):
    daemon = make_daemon(dev=False, config=auth())
    html = daemon.get("/")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|style=|javascript:", html)
    files = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert set(files) == {"/sign-in.js", "/sign-in.css", "data:,"}
    assert "http" not in daemon.get("/sign-in.css")
    script = daemon.get("/sign-in.js")
    for word in ("eval(", "innerHTML", "localStorage", "sessionStorage", "cookie"):
        assert word not in script


class Page(Browser):
    """A page that changes its own address."""

    def visit(self, url):
        self.open("about:blank")
        self.run(f"void setTimeout(() => location.replace({json.dumps(url)}), 0)")

    def wait_for_part(self, name):
        self.wait_for(f"document.getElementById({name!r}).hidden === false")

    def text(self, name):
        return self.run(f"document.getElementById({name!r}).textContent")

    def fill(self, form, **values):
        form = f"document.forms[{json.dumps(form)}]"
        for name, value in values.items():
            self.run(f"{form}.elements[{json.dumps(name)}].value = {json.dumps(value)}")
        self.run(f"{form}.requestSubmit()")


@pytest.fixture
def page(tmp_path):
    if not CHROMIUM:
        pytest.skip("there is no chromium")
    page = Page(tmp_path / "profile")
    yield page
    page.close()


def test_in_a_browser_the_administrator_sets_a_password_and_signs_in_and_out(make_daemon, page):
    daemon = make_daemon(dev=False, config=auth())
    (match,) = daemon.process.stdout.wait(r"^sign in for the first time at (\S+)$")
    page.visit(match[1])
    page.wait_for_part("activate")
    # The token is not left in the address, and the style is one that the policy lets in.
    assert "#" not in page.run("location.href")
    page.wait_for("document.styleSheets[0].cssRules.length > 5")
    fields = {"email": "root@example.org", "name": "Root", "password": PASSWORD}
    page.fill("activate", **fields, again="something else")
    page.wait_for("document.getElementById('status').textContent.includes('not the same')")
    page.fill("activate", **fields, again=PASSWORD)
    page.wait_for_part("account")
    assert (page.text("email"), page.text("role")) == ("root@example.org", "admin")
    page.run("document.getElementById('sign-out').click()")
    page.wait_for_part("sign-in")

    page.fill("sign-in", email="root@example.org", password="wrong password")
    page.wait_for("document.getElementById('status').textContent.includes('not right')")
    page.fill("sign-in", email="root@example.org", password=PASSWORD)
    page.wait_for_part("account")
    # Who is shut out is told so.
    with people.signed_in(daemon, people.log_in(daemon, "root@example.org")) as admin:
        admin.call("auth.revoke")
    page.wait_for_part("sign-in")
    assert "ended" in page.text("status")
    assert not people.secrets_in(daemon.log)


def test_in_a_browser_a_hub_for_development_says_so(make_daemon, page):
    daemon = make_daemon()
    page.visit(daemon.http + "/")
    page.wait_for_part("account")
    assert "development" in page.text("status")
