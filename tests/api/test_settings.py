from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest

from api import Settings, create_app
from matcher.domain.errors import InputError


def test_settings_are_read_from_the_environment():
    """Each field has a variable; what is not given keeps its default."""
    settings = Settings.from_env(
        {
            "MATCHER_API_MAX_QUEUED": "3",
            "MATCHER_API_TIME_LIMIT_MAX_SECONDS": "1.5",
            "MATCHER_API_ALLOWED_HOSTS": "a.example, b.example",
            "OTHER": "x",
        }
    )
    assert (settings.max_queued, settings.time_limit_max_seconds) == (3, 1.5)
    assert settings.allowed_hosts == ("a.example", "b.example")
    assert settings.max_body_bytes == Settings().max_body_bytes


def test_every_variable_that_cannot_be_read_is_named():
    """All faults at once, by the names of the variables."""
    with pytest.raises(InputError) as error:
        Settings.from_env({"MATCHER_API_MAX_QUEUED": "x", "MATCHER_API_STOP_SECONDS": ""})
    fields = [fault.field for fault in error.value.faults]
    assert fields == ["MATCHER_API_MAX_QUEUED", "MATCHER_API_STOP_SECONDS"]


def test_every_setting_out_of_its_range_is_named():
    """A limit of nothing or of anything is no limit."""
    with pytest.raises(InputError) as error:
        Settings(max_body_bytes=0, max_queued=-1, stop_seconds=float("nan"), allowed_hosts=())
    fields = {fault.field for fault in error.value.faults}
    assert fields == {"max_body_bytes", "max_queued", "stop_seconds", "allowed_hosts"}


@pytest.mark.parametrize(("text", "value"), [("1", True), ("TRUE", True), ("no", False)])
def test_a_switch_is_read_in_words(text, value):
    """What is neither yes nor no is a fault, and not taken for one of them."""
    assert Settings.from_env({"MATCHER_API_SECURE_COOKIES": text}).secure_cookies is value
    with pytest.raises(InputError):
        Settings.from_env({"MATCHER_API_SECURE_COOKIES": "maybe"})


def test_a_token_that_can_be_guessed_is_refused_and_none_is_printed():
    """A short token of the monitor is a fault; secrets stand in no message and no repr."""
    with pytest.raises(InputError) as error:
        Settings(metrics_token="short-secret")
    assert "short-secret" not in str(error.value)
    settings = Settings(metrics_token="secret" * 4, database_url="postgresql://u:secret@h/d")
    assert "secret" not in repr(settings)


def test_settings_cannot_be_changed():
    """They are what they were when the app was made."""
    with pytest.raises(FrozenInstanceError):
        Settings().max_queued = 1


def test_without_settings_the_environment_is_asked(monkeypatch):
    """It is read when the app is made, not when the module is imported."""
    monkeypatch.setenv("MATCHER_API_MAX_QUEUED", "7")
    assert create_app().state.settings.max_queued == 7


def test_importing_the_api_starts_nothing():
    """No thread, no handler of the log and no app exists after the import alone."""
    code = (
        "import threading, logging, api; assert threading.active_count() == 1;"
        "assert not logging.getLogger().handlers; assert not logging.getLogger('api').handlers"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
