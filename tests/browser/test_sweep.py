"""Every borrower page, in every language, on a real server: nothing too wide or heavy, and nothing that axe knows of."""

from collections import defaultdict
from itertools import combinations

import pytest

from tests import weight
from tests.demo_pages import a_demo
from tests.sweep import SETTINGS, Sweeper, borrower_pages, sampled

PARTS = 4


@pytest.fixture(scope="module")
def demo():
    with a_demo() as (app, base), app.app_context():
        yield app, base


@pytest.mark.parametrize("part", range(PARTS))
def test_each_page_in_each_language_is_readable(demo, chromium, part):
    app, base = demo
    sweeper = Sweeper(chromium, app, base)
    problems = list(sweeper.problems(list(sampled(borrower_pages()))[part::PARTS]))
    sweeper.close()
    assert problems == []


def test_themes_widths_and_scripts_all_meet_one_another(demo):
    met = defaultdict(set)
    for _, tag, setting in sampled(borrower_pages()):
        for one, other in combinations((("tag", tag), *zip(setting._fields, setting, strict=True)), 2):
            met[one[0], other[0]].add((one[1], other[1]))
    assert len(met["theme", "width"]) == 6 and len(met["theme", "script"]) == 4 and len(met["width", "script"]) == 6
    assert len(met["tag", "theme"]) == 10 and len(met["tag", "width"]) == 15 and len(met["tag", "script"]) == 10
    assert len(SETTINGS) == 12


def test_no_page_weighs_more_than_it_may_in_any_language(demo):
    app, base = demo
    heavy = [
        found for found in weight.weigh(app, base) if found.total > weight.LIMIT or found.script > weight.SCRIPT_LIMIT
    ]
    assert heavy == []
