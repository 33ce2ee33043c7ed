"""`portal schedule` and `portal restructure`: from the command line what the pages show."""

import json

import pytest
from click.testing import CliRunner

from portal.commands import main
from tests.conftest import REPOSITORY
from tests.oracle.__main__ import cases, differences

KEPT = cases(REPOSITORY / "tests" / "data" / "oracle")
SCHEDULES = [case for case in KEPT if "schedule" in case["expected"] and "principal" in case["inputs"]]
RESCHEDULED = [case for case in KEPT if "effective_from_due_date" in case["inputs"].get("restructure", {})]


@pytest.fixture
def run(tmp_path):
    def command(*arguments, **files):
        named = []
        for name, content in files.items():
            path = tmp_path / f"{name}.json"
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
            named += [f"--{name}", str(path)]
        return CliRunner().invoke(main, [*arguments, *named])

    return command


@pytest.mark.parametrize("case", SCHEDULES[:6], ids=lambda case: case["id"])
def test_a_schedule_answers_in_the_form_of_the_oracle(run, case):
    answer = run("schedule", "--json", terms={**case["inputs"], "profile": case["profile"]})
    assert answer.exit_code == 0
    assert differences(case["expected"], json.loads(answer.output)) == []


def test_a_restructure_answers_with_the_difference_from_today(run):
    loan = {"profile": "half-up", "principal": "6000.00", "annual_rate_percent": "12", "instalments": 6}
    loan["disbursement_date"] = "2027-01-01"
    answer = run("restructure", "--json", "--on", "2027-01-02", loan=loan, plan={"interest_only": 2, "extend_by": 2})
    assert answer.exit_code == 0
    found = json.loads(answer.output)
    assert [row["due"] for row in found["schedule"]][:3] == ["60.00", "60.00", "1035.29"]
    assert found["difference"]["extra"] == "120.00"
    assert found["difference"]["months_longer"] == 2
    assert found["difference"]["last_due_new"] == "2027-09-01"


@pytest.mark.parametrize(
    "case", [case for case in RESCHEDULED if case["confidence"] == "high"][:4], ids=lambda case: case["id"]
)
def test_a_peers_reschedule_is_read_in_the_peers_words(run, case):
    inputs = case["inputs"]
    answer = run(
        "restructure",
        "--json",
        "--on",
        inputs["restructure"]["requested_on"],
        loan={**inputs["loan"], "profile": case["profile"]},
        plan=inputs["restructure"],
    )
    assert answer.exit_code == 0
    assert differences(case["expected"], json.loads(answer.output)) == []


def test_an_amount_in_a_plan_is_in_currency_units(run):
    loan = {"principal": "1300.00", "annual_rate_percent": "20", "instalments": 12, "disbursement_date": "2027-01-01"}
    answer = run("restructure", "--json", "--on", "2027-01-02", loan=loan, plan={"amount": "140.00"})
    assert [row["due"] for row in json.loads(answer.output)["schedule"]][-2:] == ["140.00", "24.26"]


def test_a_refusal_has_its_code_and_a_sentence(run):
    terms = {"principal": "-5.00", "annual_rate_percent": "12", "instalments": 12, "disbursement_date": "2027-01-01"}
    answer = run("schedule", "--json", terms=terms)
    assert answer.exit_code == 1
    assert json.loads(answer.output)["error"] == "no_principal"
    told = run("schedule", terms=terms)
    assert (told.exit_code, told.output.strip()) == (1, "The amount of the loan must be above zero.")


WRONG_USE = [
    ("not JSON", "{"),
    ("not an object", "[]"),
    ("a number of installments that is none", {"principal": "5.00", "annual_rate_percent": "1", "instalments": "many"}),
]


@pytest.mark.parametrize(("what", "terms"), WRONG_USE, ids=[row[0] for row in WRONG_USE])
def test_what_can_not_be_read_is_wrong_use(run, what, terms):
    assert run("schedule", "--json", terms=terms).exit_code == 2


UNREADABLE = [
    ({"principal": "x"}, "not_a_number"),
    ({"profile": "astrology"}, "unknown_profile"),
    ({"disbursement_date": "31/12/2027"}, "not_a_date"),
    ({"unit": "moons"}, "unknown_unit"),
    ({"amortisation": "magic"}, "unknown_method"),
    ({"currency": "XYZ"}, "unknown_currency"),
    ({"conventions": {"roundig": "up"}}, "unknown_convention"),
]


@pytest.mark.parametrize(("change", "code"), UNREADABLE, ids=[row[1] for row in UNREADABLE])
def test_a_word_that_is_not_known_is_refused_by_name(run, change, code):
    terms = {"principal": "500.00", "annual_rate_percent": "12", "instalments": 12, "disbursement_date": "2027-01-01"}
    answer = run("schedule", "--json", terms={**terms, **change})
    assert (answer.exit_code, json.loads(answer.output)["error"]) == (1, code)


def test_without_json_a_person_can_read_it(run):
    terms = {"principal": "500.00", "annual_rate_percent": "0", "instalments": 2, "disbursement_date": "2027-01-01"}
    answer = run("schedule", terms=terms)
    assert "2027-02-01" in answer.output
    assert "interest 0.00, to pay in all 500.00" in answer.output
