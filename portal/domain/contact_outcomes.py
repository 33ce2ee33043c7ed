"""What came of a call or a visit, and what follows: codes of staff, said in words by the passbook."""

OUTCOMES = (
    "named_a_day",
    "needs_help",
    "no_answer",
    "other_time",
    "wrong_number",
    "someone_else",
    "no_calls",
    "worried",
)
NEXT_STEPS = ("call", "visit", "text", "letter", "wait")
