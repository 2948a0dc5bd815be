import doctest
import importlib
import pkgutil

import pytest

import matcher.domain

MODULES = [
    importlib.import_module(f"matcher.domain.{m.name}")
    for m in pkgutil.iter_modules(matcher.domain.__path__)
]


def examples(module):
    """Return the number of examples in the docstrings of a module."""
    return sum(len(test.examples) for test in doctest.DocTestFinder().find(module))


def test_the_modules_that_explain_themselves_by_examples():
    """Rules, sentences and faults are shown at work in their docstrings."""
    shown = {m.__name__.rpartition(".")[2] for m in MODULES if examples(m)}
    assert {"errors", "expression", "text"} <= shown


@pytest.mark.parametrize("module", [m for m in MODULES if examples(m)], ids=lambda m: m.__name__)
def test_the_examples_of_the_docstrings_hold(module):
    """What a docstring shows is what the code does."""
    result = doctest.testmod(module)
    assert result.attempted == examples(module)
    assert result.failed == 0
