"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import corpus.segmentation
from corpus import spans

MODULES = [
    spans,
    *(
        importlib.import_module(f"corpus.segmentation.{module.name}")
        for module in pkgutil.iter_modules(corpus.segmentation.__path__)
    ),
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples_in_docstrings_hold(module):
    assert doctest.testmod(module).failed == 0
