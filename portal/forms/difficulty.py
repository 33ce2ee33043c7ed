"""'I am having difficulty': one question a page, a budget that may be skipped, and which plan to propose."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from portal.domain.hardship import CHANGES, LASTING
from portal.forms.fields import AmountField, ChoiceField, KeyedForm, MonthsField, WordsField, leave_unread

CHANGE_LABELS = {
    "less_work": _l("Less work, or no work"),
    "slow_business": _l("Business is slow"),
    "illness": _l("I am ill, or someone at home is"),
    "bereavement": _l("Somebody in the family has died"),
    "separation": _l("A divorce or a separation"),
    "new_cost": _l("A new cost at home"),
    "disaster": _l("A flood, a fire, a theft or an accident"),
    "other": _l("Something else"),
    "rather_not_say": _l("I would rather not say"),
}
CHANGE_HINTS = {
    "new_cost": _l("A child, a parent, a repair"),
    "rather_not_say": _l("That is all right. We can still help"),
}
LASTING_LABELS = {
    "one_month": _l("About a month"),
    "three_months": _l("Up to three months"),
    "six_months": _l("Three to six months"),
    "longer": _l("Longer than six months"),
    "not_known": _l("I cannot say yet"),
}
INCOME_LABELS = {
    "wages": _l("Wages"),
    "business": _l("Business or farm, after its costs"),
    "family": _l("Family or friends"),
    "benefits": _l("Benefits or a pension"),
    "other_income": _l("Other money in"),
}
COST_LABELS = {
    "home": _l("Rent or home"),
    "food": _l("Food"),
    "utilities": _l("Electricity, water, gas"),
    "transport": _l("Getting around"),
    "school": _l("School and children"),
    "health": _l("Doctor and medicine"),
    "phone": _l("Phone and internet"),
    "other_loans": _l("Other loans"),
    "sent_home": _l("Sent to family"),
    "other_costs": _l("Other money out"),
}
PER_LABELS = {
    "month": _l("a usual month"),
    "two_weeks": _l("two usual weeks"),
    "week": _l("a usual week"),
    "day": _l("a usual day"),
}
COST_HINTS = {"other_loans": _l("Not this loan")}


class ChangeForm(KeyedForm):
    change = ChoiceField(
        _l("What has changed?"), choices=[(code, CHANGE_LABELS[code]) for code in CHANGES], hints=CHANGE_HINTS
    )


class LastingForm(KeyedForm):
    lasting = ChoiceField(_l("How long may it last?"), choices=[(code, LASTING_LABELS[code]) for code in LASTING])


class WordsForm(KeyedForm):
    words = WordsField(_l("In your own words"))


class BudgetForm(KeyedForm):
    """A usual month, or week, or day. `lines` holds what was filled in, by code, in minor units; an empty line is left
    out."""

    per = ChoiceField(_l("These figures are for"), choices=list(PER_LABELS.items()), required=False)

    wages = AmountField(INCOME_LABELS["wages"])
    business = AmountField(INCOME_LABELS["business"])
    family = AmountField(INCOME_LABELS["family"])
    benefits = AmountField(INCOME_LABELS["benefits"])
    other_income = AmountField(INCOME_LABELS["other_income"])
    home = AmountField(COST_LABELS["home"])
    food = AmountField(COST_LABELS["food"])
    utilities = AmountField(COST_LABELS["utilities"])
    transport = AmountField(COST_LABELS["transport"])
    school = AmountField(COST_LABELS["school"])
    health = AmountField(COST_LABELS["health"])
    phone = AmountField(COST_LABELS["phone"])
    other_loans = AmountField(COST_LABELS["other_loans"], description=COST_HINTS["other_loans"])
    sent_home = AmountField(COST_LABELS["sent_home"])
    other_costs = AmountField(COST_LABELS["other_costs"])

    @property
    def lines(self) -> dict[str, int]:
        return {name: self[name].data for name in (*INCOME_LABELS, *COST_LABELS) if self[name].data is not None}

    @property
    def income_fields(self) -> list[Any]:
        return [self[name] for name in INCOME_LABELS]

    @property
    def cost_fields(self) -> list[Any]:
        return [self[name] for name in COST_LABELS]


class SeasonForm(KeyedForm):
    """In which months more comes in, and about how much more in each; none where it comes evenly."""

    months = MonthsField(_l("In which months does more come in?"))
    more = AmountField(_l("How much more in such a month, after its costs?"))


class PlanForm(KeyedForm):
    """`plan` is the value of an option on the page, OWN with an amount for each payment and the day it starts on, or
    SUGGEST: the officer is to suggest something."""

    OWN = "own"
    SUGGEST = "suggest"

    plan = ChoiceField(_l("Which of these could work for you?"))
    own_amount = AmountField(_l("Each time I could pay"), required=True, above_zero=True)
    own_from = ChoiceField(_l("Starting from"), required=False)

    def __init__(self, *args: Any, values: Any = (), starts: Any = (), **kwargs: Any) -> None:
        """values: of the options on the page. starts: the due dates, as dates, from which an own amount may begin."""
        super().__init__(*args, **kwargs)
        self.plan.choices = [(value, value) for value in (*values, self.OWN, self.SUGGEST)]
        self.starts = {day.isoformat(): day for day in starts}
        self.own_from.choices = [(iso, iso) for iso in self.starts]
        if self.plan.data != self.OWN:
            leave_unread(self.own_amount)

    @property
    def own_starts_on(self) -> date | None:
        """The chosen start, or the first that is possible; None where there is none."""
        return self.starts.get(self.own_from.data or "") or next(iter(self.starts.values()), None)


class SendForm(KeyedForm):
    """The last step: send what was checked. `version` is of the request as it stood on the page."""

    version = HiddenField()


class WithdrawForm(KeyedForm):
    """Take a request back."""

    version = HiddenField()
