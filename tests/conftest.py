"""Run a test on every engine, or on every kind of number with a slope."""

import pytest

from tests.engines import ENGINES, KINDS


@pytest.fixture(params=ENGINES.values(), ids=ENGINES.keys())
def Value(request):
    return request.param


@pytest.fixture(params=KINDS.values(), ids=KINDS.keys())
def Kind(request):
    return request.param
