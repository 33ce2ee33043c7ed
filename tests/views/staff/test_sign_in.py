"""Staff sign in by email and password; what was wrong is told to nobody."""

import pytest
from sqlalchemy import select

from portal.models import AuditEntry, WebSession
from portal.services.staff_access import PER_PERSON
from tests.factories import PASSWORD, a_borrower, an_officer
from tests.pages import Page, Pages


def try_as(pages: Pages, email: str, password: str, after: str = "") -> Page:
    return pages.get("/staff/sign-in" + (f"?next={after}" if after else "")).submit(
        "Sign in", email=email, password=password
    )


def test_signing_in_leads_to_the_queue(pages, session):
    officer = an_officer(session)
    page = try_as(pages, officer.email.upper() + " ", PASSWORD)
    assert (page.status, page.path, page.h1) == (200, "/staff/", "Requests for more room")
    assert officer.name in page.text


def test_whoever_was_on_the_way_somewhere_arrives_there(pages, session):
    officer = an_officer(session)
    page = pages.get("/staff/notices?lang=en")
    assert page.path == "/staff/sign-in"
    page = page.submit("Sign in", email=officer.email, password=PASSWORD)
    assert page.path == "/staff/notices"


@pytest.mark.parametrize(
    "after",
    [
        "https://evil.example/",
        "//evil.example/staff/",
        "/\\evil.example",
        "/staff/\\evil.example",
        "/my/",
        "javascript:alert(1)",
        "/staff/%0d%0aLocation:%20https://evil.example",
        "/staff/\n/evil.example",
    ],
)
def test_nobody_is_led_to_another_site(pages, session, after):
    page = try_as(pages, an_officer(session).email, PASSWORD, after)
    # A client that was led to another host would refuse to follow.
    assert page.response.request.host == "localhost"
    assert page.path.startswith("/staff/")


def test_what_was_wrong_is_told_to_nobody(pages, session):
    officer = an_officer(session)
    wrong_password = try_as(pages, officer.email, "not the password")
    nobody = try_as(pages, "nobody@northfield.example", PASSWORD)
    assert wrong_password.status == nobody.status == 422
    assert wrong_password.text == nobody.text
    assert "Email and password do not match." in nobody.text


def test_a_password_is_never_sent_back(pages, session):
    page = try_as(pages, an_officer(session).email, "not the password")
    assert "not the password" not in page.html


@pytest.mark.parametrize("who", ["somebody", "nobody"])
def test_after_too_many_tries_everybody_is_told_the_same(pages, session, clock, who):
    officer = an_officer(session)
    email = officer.email if who == "somebody" else "nobody@northfield.example"
    for _ in range(PER_PERSON.most):
        assert try_as(pages, email, "not the password").status == 422
    page = try_as(pages, email, PASSWORD)
    assert page.status == 429
    assert "Signing in with this address rests for a quarter of an hour." in page.text
    clock.forward(minutes=16)
    assert try_as(pages, officer.email, PASSWORD).path == "/staff/"


def test_one_address_locks_out_nobody_else(pages, session):
    officer = an_officer(session)
    for _ in range(PER_PERSON.most):
        try_as(pages, "nobody@northfield.example", "not the password")
    assert try_as(pages, officer.email, PASSWORD).path == "/staff/"


@pytest.mark.parametrize(
    ("field", "sentence"), [("email", "Please write your work email."), ("password", "Please write your password.")]
)
def test_what_is_left_out_is_asked_for(pages, session, field, sentence):
    given = {"email": "grace@northfield.example", "password": PASSWORD} | {field: ""}
    page = try_as(pages, **given)
    assert page.status == 422 and sentence in page.text


def test_who_has_left_cannot_sign_in(pages, session, now):
    officer = an_officer(session, ended_at=now)
    assert try_as(pages, officer.email, PASSWORD).status == 422


def test_signing_out_ends_the_session_in_every_copy_of_the_cookie(pages, session):
    officer = an_officer(session)
    page = try_as(pages, officer.email, PASSWORD)
    copied = pages.client.get_cookie("leeway").value
    assert page.submit("Sign out").path == "/staff/sign-in"
    assert session.scalars(select(WebSession)).one().ended_at is not None
    pages.client.set_cookie("leeway", copied)
    assert pages.get("/staff/").path == "/staff/sign-in"


def test_a_session_ends_by_itself(pages, session, clock):
    pages.sign_in(an_officer(session))
    assert pages.get("/staff/").path == "/staff/"
    clock.forward(minutes=19)
    assert pages.get("/staff/").path == "/staff/"
    clock.forward(minutes=21)
    assert pages.get("/staff/").path == "/staff/sign-in"


def test_signing_in_begins_with_an_empty_cookie(pages, session):
    officer = an_officer(session)
    pages.sign_in(a_borrower(session, officer=officer))
    try_as(pages, officer.email, PASSWORD)
    with pages.client.session_transaction() as cookie:
        assert "borrower" not in cookie and "_user_id" in cookie


def test_who_signed_in_is_on_record(pages, session):
    officer = an_officer(session)
    try_as(pages, officer.email, "not the password")
    try_as(pages, officer.email, PASSWORD)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "sign_in").order_by(AuditEntry.id)).all()
    assert [(entry.outcome, entry.staff_id) for entry in entries] == [("mismatch", None), ("done", officer.id)]


def test_whoever_is_signed_in_is_not_asked_again(pages, session):
    pages.sign_in(an_officer(session))
    assert pages.get("/staff/sign-in?next=/staff/notices").path == "/staff/notices"
