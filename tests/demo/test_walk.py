"""`portal demo --check` walks the whole main job at any hour and date."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "now",
    [
        pytest.param("2028-02-29T23:30+08:00", id="late at night on the 29th of February"),
        pytest.param("2027-12-31T06:10-05:00", id="on the last morning of a year"),
    ],
)
def test_the_main_job_can_be_walked(now: str) -> None:
    walked = subprocess.run(
        [sys.executable, "-m", "portal", "demo", "--check"],
        env={**os.environ, "PORTAL_NOW": now},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert "FAILED" not in walked.stdout
    assert walked.stdout.count("ok  ") >= 18
