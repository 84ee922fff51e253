"""Fixtures of the tests of the AsyncAPI documents."""

import pytest

from tests.documents.judges import Judges


@pytest.fixture(scope="session")
def judges() -> Judges:
    """AsyncAPI's parser and schema."""
    return Judges()
