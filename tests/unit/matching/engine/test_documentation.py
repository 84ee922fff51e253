"""The example in the engine's documentation runs and says what it promises."""

import re
from pathlib import Path

import pytest

DOCUMENTATION = Path(__file__).parents[4] / "docs" / "matching-engine.md"


def test_the_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENTATION.read_text("utf-8"), re.DOTALL)
    exec(example, {})  # noqa: S102
    assert "Ada and Family H.: 6000 of 10,000 points" in capsys.readouterr().out
