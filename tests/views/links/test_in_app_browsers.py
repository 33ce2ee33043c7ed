"""The browsers inside WeChat and LINE, where a text's link is often opened: they keep no files and open no second window.

That no page asks them to is held for every page that any test opens (`problems_of_page` of tests/pages.py).
"""

from urllib.parse import urlsplit

import pytest

from tests.factories import a_borrower, a_link, a_loan
from tests.pages import Pages

PLAIN = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
IN_APP = {
    "WeChat on Android": f"{PLAIN} MMWEBID/1 MicroMessenger/8.0.49.2600(0x28003133) WeChat/arm64 NetType/3G Language/zh_CN",
    "WeChat on iPhone": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50",
    "LINE on Android": f"{PLAIN} Line/14.9.1/IAB",
    "LINE on iPhone": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Safari Line/14.9.0",
}
BORN = {"birth_date-year": "1988", "birth_date-month": "3", "birth_date-day": "12"}


def walked(app, session, borrower, agent):
    """What a browser that calls itself `agent` reads from the link of a text to each page that home leads to."""
    pages = Pages(app, session)
    pages.client.environ_base["HTTP_USER_AGENT"] = agent
    arrival = pages.get(f"/l/{a_link(session, borrower)}")
    home = arrival.submit("Continue", way="birth_date", **BORN)
    inside = sorted({urlsplit(link).path for link in home.links().values() if link.startswith("/my/")})
    return [arrival.text, home.text, *((address, pages.get(address).text) for address in inside)]


@pytest.mark.parametrize("agent", IN_APP.values(), ids=IN_APP)
def test_a_browser_inside_another_app_gets_in_and_reads_what_any_other_reads(app, session, lender, agent):
    borrower = a_borrower(session)
    a_loan(session, borrower, missed=1)
    expected = walked(app, session, borrower, PLAIN)
    assert len(expected) > 8
    assert walked(app, session, borrower, agent) == expected
