"""Every borrower page, in every language, on a real server: nothing too wide or heavy, and nothing that axe knows of."""

from collections import defaultdict
from itertools import combinations

import pytest

from tests import weight
from tests.demo_pages import a_demo, pages
from tests.sweep import SETTINGS, Sweeper, borrower_pages, sampled

PARTS = 4
# What borrowers and strangers open by GET that is no page with a line in tests/demo_pages.py, and why.
NO_PAGE = {
    "a file": {"agreement_pdf", "schedule_pdf", "schedule_ics", "document", "my_data_file"},
    "leads on": {
        "newest_request",
        "newest_consent_page",
        "newest_complaint",
        "my_difficulty",
        "my_payment",
        "my_check_in",
    },
    "shows a form that another page has": {"kept"},
}


@pytest.fixture(scope="module")
def demo():
    with a_demo() as (app, base), app.app_context():
        yield app, base, borrower_pages(pages())


@pytest.mark.parametrize("part", range(PARTS))
def test_each_page_in_each_language_is_readable(demo, chromium, part):
    app, base, listed = demo
    sweeper = Sweeper(chromium, app, base)
    problems = list(sweeper.problems(list(sampled(listed))[part::PARTS]))
    sweeper.close()
    assert problems == []


def test_every_page_has_its_line(demo):
    app, _, listed = demo
    adapter = app.url_map.bind("localhost")
    seen = {adapter.match(address.partition("?")[0])[0] for _, address, _ in listed if address != "/nowhere"}
    all_of_them = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(("borrower.", "links.")) and "GET" in rule.methods
    }
    missing = {name.partition(".")[2] for name in all_of_them - seen} - set().union(*NO_PAGE.values())
    assert missing == set(), "give each a line in tests/demo_pages.py"


def test_themes_widths_and_scripts_all_meet_one_another(demo):
    met = defaultdict(set)
    for _, tag, setting in sampled(demo[2]):
        for one, other in combinations((("tag", tag), *zip(setting._fields, setting, strict=True)), 2):
            met[one[0], other[0]].add((one[1], other[1]))
    assert len(met["theme", "width"]) == 6 and len(met["theme", "script"]) == 4 and len(met["width", "script"]) == 6
    assert len(met["tag", "theme"]) == 10 and len(met["tag", "width"]) == 15 and len(met["tag", "script"]) == 10
    assert len(SETTINGS) == 12


def test_no_page_weighs_more_than_it_may_in_any_language(demo):
    app, base, listed = demo
    heavy = [
        found
        for found in weight.weigh(app, base, listed)
        if found.total > weight.LIMIT or found.script > weight.SCRIPT_LIMIT
    ]
    assert heavy == []
