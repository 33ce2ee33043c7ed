"""The page object refuses what a page must never be, so that every test that opens one holds it."""

import pytest
from werkzeug.datastructures import Headers

from tests.pages import parsed, problems_of_headers, problems_of_page

FRAME = '<!doctype html><html lang="en" dir="ltr"><head><title>A page</title></head><body>{}</body></html>'


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<h1>One</h1><h1>Two</h1>", "2 h1 in place of one"),
        ("<p>None</p>", "0 h1 in place of one"),
        ('<h1 id="a">One</h1><p id="a">Two</p>', "two elements have the id a"),
        ('<h1>One</h1><label for="b">B</label>', "nothing has the id b, which another element names"),
        ('<h1 style="color:red">One</h1>', "a style inside <h1>"),
        ("<h1>One</h1><script>alert(1)</script>", "a script inside the page"),
        ('<h1 onclick="alert(1)">One</h1>', "onclick on <h1>"),
        ('<h1>One</h1><a href="/a" target="_blank">A</a>', "a new window for <a>"),
        ('<h1>One</h1><a href="/a" download>A</a>', "/a can only be downloaded"),
        ("<h1>%(name)s</h1>", "a placeholder was left: %(name)s"),
        ('<h1>One</h1><img alt="" src="http://example.org/a.png">', "http://example.org/a.png leads to another site"),
    ],
)
def test_a_page_says_what_is_wrong_with_it(body, problem):
    assert problems_of_page(parsed(FRAME.format(body), "here")) == [problem]


def test_a_page_without_a_fault_has_no_problem():
    assert problems_of_page(parsed(FRAME.format('<h1 id="a">One</h1><p aria-describedby="a">Two</p>'), "here")) == []


@pytest.mark.parametrize(
    "html",
    [
        FRAME.format("<h1>One</h1><p><div>Not in a paragraph</div></p>"),
        FRAME.format("<h1>One</h1><ul><li>Not closed</ul></div>"),
        "<html><title>No doctype</title></html>",
    ],
)
def test_a_page_at_which_a_browser_would_guess_is_refused(html):
    with pytest.raises(AssertionError, match="is not valid HTML"):
        parsed(html, "here")


@pytest.mark.parametrize(
    ("policy", "problems"),
    [
        (None, ["no Content-Security-Policy"]),
        ("script-src 'unsafe-inline'", ["the policy allows unsafe-inline"]),
        ("default-src *", ["the policy allows *"]),
        ("default-src 'self'", []),
    ],
)
def test_the_policy_of_a_page_is_strict(policy, problems):
    headers = Headers({"Cache-Control": "no-store"} | ({"Content-Security-Policy": policy} if policy else {}))
    assert problems_of_headers(headers) == problems
