"""Every route says who may open it, and keeps to that."""

import re
from urllib.parse import urlsplit

import pytest

from portal.access import ROLES, STAFF_ROLES
from tests.factories import a_borrower, an_officer

SIGN_IN = "/staff/sign-in"
WITHOUT_SIGN_IN = {"anyone", "link", "demo"}


def open_to(app, rule):
    return app.view_functions[rule.endpoint].open_to


def address(rule):
    """An address of `rule` that names nothing that there is."""
    chosen = re.sub(r"<any\((\w+).*?\):\w+>", r"\1", rule)
    return re.sub(r"<int:\w+>", "1", re.sub(r"<(?!int:)[^>]+>", "none", chosen))


def tried(app, pages, roles_of_route):
    """What every route whose roles satisfy `roles_of_route` answers, by method and path: a status, or where it leads."""
    pages.session.commit()
    return {
        (method, rule.rule): answer(pages.client.open(address(rule.rule), method=method))
        for rule in app.url_map.iter_rules()
        if roles_of_route(open_to(app, rule))
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def answer(response):
    return urlsplit(response.location).path if response.location else response.status_code


@pytest.fixture
def open_app(app, monkeypatch):
    """An app that asks no form for its token, so that what is tried is who may open a route."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return app


def test_every_route_says_who_may_open_it(wired_app):
    routes = {rule.rule: wired_app.view_functions[rule.endpoint] for rule in wired_app.url_map.iter_rules()}
    assert [path for path, view in routes.items() if not getattr(view, "open_to", None)] == []
    assert {role for view in routes.values() for role in view.open_to} <= ROLES


def test_nobody_gets_in_without_signing_in(open_app, pages):
    answers = tried(open_app, pages, lambda roles: not roles & WITHOUT_SIGN_IN)
    assert answers and {route: found for route, found in answers.items() if found not in (SIGN_IN, 401)} == {}


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_staff_get_no_further_than_their_role(open_app, pages, session, role):
    pages.sign_in(an_officer(session, role=role))
    answers = tried(open_app, pages, lambda roles: not roles & {*WITHOUT_SIGN_IN, role})
    assert answers and {route: found for route, found in answers.items() if found not in (401, 403)} == {}


def test_a_borrower_gets_to_no_page_of_the_staff(open_app, pages, session):
    pages.sign_in(a_borrower(session))
    answers = tried(open_app, pages, lambda roles: not roles & {*WITHOUT_SIGN_IN, "borrower"})
    assert answers and {route: found for route, found in answers.items() if found != SIGN_IN} == {}


def test_the_demos_pages_are_nowhere_else(open_app, pages):
    answers = tried(open_app, pages, lambda roles: "demo" in roles)
    assert answers and set(answers.values()) == {404}
