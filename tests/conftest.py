"""Settings of the whole suite: Hypothesis profiles, and where the shared data lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_COMMON = {
    "deadline": None,  # the machines are noisy; timings are never asserted
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much],
}
settings.register_profile("quick", max_examples=40, derandomize=True, **_COMMON)
settings.register_profile("thorough", max_examples=2000, **_COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Return the folder of real data; skip where it is not there."""
    folder = Path(os.environ.get("YINQI_DATA", "../shared/data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: set YINQI_DATA to its folder")
    return folder
