"""What a lender chooses of its place holds from then on, and what there is none of is refused by name."""

import pytest
from sqlalchemy import select

from portal.models import AuditEntry
from portal.services.lender import NoSuchChoice, choose
from tests.factories import NOW


def test_what_is_chosen_holds_and_what_is_not_named_stays(session, lender):
    choose(session, NOW, rules=["safe-default", "tw"])
    choose(session, NOW, ceilings=["tw"])
    choose(session, NOW, crisis_lines=[("zh-Hant", "1925", "安心專線")])
    assert lender.contact_rules == ["safe-default", "tw"] and lender.ceilings == ["tw"]
    assert lender.crisis_lines == [{"phone": "1925", "names": {"zh-Hant": "安心專線"}}]
    assert session.scalars(select(AuditEntry.action)).all() == ["choose_for_lender"] * 3


def test_no_place_can_be_chosen_again(session, lender):
    choose(session, NOW, ceilings=["hk"])
    choose(session, NOW, ceilings=["none"])
    assert lender.ceilings == []


@pytest.mark.parametrize("given", [{"rules": ["atlantis"]}, {"ceilings": ["atlantis"]}])
def test_what_there_is_none_of_is_refused_with_what_there_is(session, lender, given):
    with pytest.raises(NoSuchChoice, match="There is no atlantis; there are "):
        choose(session, NOW, **given)
    assert not session.scalars(select(AuditEntry)).all()
