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
]


@pytest.mark.parametrize(("what", "terms"), WRONG_USE, ids=[row[0] for row in WRONG_USE])
def test_what_can_not_be_read_is_wrong_use(run, what, terms):
    assert run("schedule", "--json", terms=terms).exit_code == 2


UNREADABLE = [
    ({"principal": "x"}, "not_a_number"),
    ({"instalments": "many"}, "not_a_number"),
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


TERMS = {"principal": "1000.00", "annual_rate_percent": "12", "instalments": 12, "disbursement_date": "2027-01-01"}
REFUSED = [
    ({"principal": "0"}, "no_principal"),
    ({"principal": "-5"}, "no_principal"),
    ({"principal": "NaN"}, "amount_not_finite"),
    ({"principal": "Infinity"}, "amount_not_finite"),
    ({"principal": "1e400"}, "principal_too_high"),
    ({"principal": "0.001"}, "too_many_digits"),
    ({"principal": None}, "not_a_number"),
    ({"annual_rate_percent": "-1"}, "negative_rate"),
    ({"annual_rate_percent": "NaN"}, "invalid_rate"),
    ({"annual_rate_percent": "Infinity"}, "invalid_rate"),
    ({"annual_rate_percent": "1e-400"}, "rate_too_precise"),
    ({"annual_rate_percent": "10001"}, "rate_too_high"),
    ({"instalments": 0}, "no_installments"),
    ({"instalments": 10**9}, "too_many_installments"),
    ({"instalments": "1e999999999"}, "not_a_whole_number"),
    ({"instalments": 1.5}, "not_a_whole_number"),
    ({"every": 0}, "invalid_frequency"),
    ({"every": 10**9}, "invalid_frequency"),
    ({"unit": "parsec"}, "unknown_unit"),
    ({"currency": "XYZ"}, "unknown_currency"),
    ({"currency_decimals": 9}, "unknown_decimals"),
    ({"grace_principal_periods": 12}, "grace_too_long"),
    ({"disbursement_date": "2027-02-30"}, "not_a_date"),
    ({"disbursement_date": "9999-12-01"}, "date_out_of_range"),
    ({"first_due_date": "2026-01-01"}, "first_due_too_early"),
    ({"down_payment_percent": "Infinity"}, "not_a_number"),
    ({"down_payment_percent": "100"}, "invalid_down_payment"),
    ({"day_count": "30/365"}, "unknown_value"),
    ({"rounding_mode": "sideways"}, "unknown_value"),
    ({"remainder": "middle"}, "unknown_value"),
    ({"order_due": ["x"]}, "unknown_value"),
    ({"order_due": "fees"}, "invalid_order"),
    ({"profile": []}, "unknown_profile"),
    ({"conventions": []}, "unknown_convention"),
    ({"conventions": {"interest_unit": "x"}}, "unknown_convention"),
    ({"instalment_multiple": "0"}, "invalid_unit"),
    ({"amortisation": "fixed_instalment", "fixed_instalment": "5"}, "amount_never_repays"),
    ({"amortisation": "fixed_principal_percent", "fixed_principal_percent": "NaN"}, "invalid_share"),
]
TAKEN = [
    ({"annual_rate_percent": "0"}, "1000.00"),
    ({"annual_rate_percent": "1e-14"}, "1000.00"),
    ({"annual_rate_percent": "400"}, "4130.65"),
    ({"instalments": 1}, "1010.00"),
    ({"principal": "0.01"}, "0.01"),
    ({"principal": "0.30", "instalment_multiple": "1"}, "0.30"),
    ({"instalments": 1200}, "13000.00"),
]


@pytest.mark.parametrize(("change", "code"), REFUSED, ids=str)
def test_bad_terms_are_refused_by_code_and_sentence(run, change, code):
    answer = run("schedule", "--json", terms={**TERMS, **change})
    assert answer.exit_code == 1
    refusal = json.loads(answer.output)
    assert refusal["error"] == code
    assert refusal["sentence"]


@pytest.mark.parametrize(("change", "total"), TAKEN, ids=str)
def test_odd_terms_that_hold_give_an_exact_schedule(run, change, total):
    answer = run("schedule", "--json", terms={**TERMS, **change})
    assert (answer.exit_code, json.loads(answer.output)["total_due"]) == (0, total)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"day_count": "ACT/365"}, {"day_count": "actual/365"}),
        ({"day_count": "30E/360"}, {"day_count": "30e/360"}),
        ({"rounding_mode": "CEILING"}, {"rounding_mode": "up"}),
        ({"unit": "quarters", "instalments": 4}, {"unit": "months", "every": 3, "instalments": 4}),
        ({"unit": "fortnights"}, {"unit": "weeks", "every": 2}),
        ({"unit": "month"}, {"unit": "months"}),
    ],
    ids=str,
)
def test_another_name_of_the_same_convention_is_the_same(run, change, same):
    found = [run("schedule", "--json", terms={**TERMS, **each}).output for each in (change, same)]
    assert json.loads(found[0]) == json.loads(found[1])


def test_the_remainder_can_be_stated_in_the_first_installment(run):
    found = json.loads(run("schedule", "--json", terms={**TERMS, "remainder": "first"}).output)
    assert [row["due"] for row in found["schedule"]][:2] == ["88.84", "88.85"]


def test_what_is_no_object_can_not_be_read(run):
    for wrong in ('"x"', "[]", '{"inputs": "x"}', "{"):
        assert run("schedule", "--json", terms=wrong).exit_code == 2
