import pytest

from chengdan.sales.demo import generate
from tests.sales.company import NOW, Company, take_apart


@pytest.fixture(scope="session")
def company() -> Company:
    """The demo company at a quarter of its scale."""
    return take_apart(list(generate(seed=11, scale=0.25, now=NOW)))
