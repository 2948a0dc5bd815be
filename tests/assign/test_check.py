from dataclasses import replace

import numpy as np
import pytest

from matcher.assign import Problem, check, solve
from matcher.domain.errors import CheckError
from matcher.domain.text import Lang

PROBLEM = Problem.from_arrays([0, 0, 1], [0, 1, 0], [3.0, 2.0, 2.0], 2, 2, option_limit=[1, 1])


def test_a_sound_result_passes():
    """Check() is silent where everything holds."""
    assert check(PROBLEM, solve(PROBLEM)) is None


def test_every_fault_of_a_result_is_raised_at_once():
    """An overfull option and a false objective are both told, with their codes."""
    wrong = replace(solve(PROBLEM), chosen=np.array([0, 2]), objective=9.0)
    with pytest.raises(CheckError) as caught:
        check(PROBLEM, wrong)
    assert {"option_limit", "objective"} <= {fault.field for fault in caught.value.faults}


def test_findings_speak_both_languages():
    """The sentences of a check error exist in Chinese and English."""
    with pytest.raises(CheckError) as caught:
        check(PROBLEM, replace(solve(PROBLEM), objective=9.0))
    assert caught.value.sentences(Lang.ZH) != caught.value.sentences(Lang.EN)


def test_a_result_of_another_problem_is_refused():
    """Halving the places makes yesterday's result wrong."""
    with pytest.raises(CheckError):
        check(PROBLEM.replace(option_limit=[0, 1]), solve(PROBLEM))
