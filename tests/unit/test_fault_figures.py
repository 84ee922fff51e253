"""The figures of the fault suite: all tests of one guarantee together, in its row of the page."""

from tests.faults.figures import rendered, with_figures
from tests.faults.reporting import Figures

PAGE = """# Page
| guarantee | how | proved by | last figures |
| --- | --- | --- | --- |
| Nothing is lost | well | `test_a`, `test_b` | old |
| Nothing is shown | better | `test_c` | every `./test` |

| another | table |
"""
KEPT = {
    "test_a": Figures(runs=30, seeds=10, messages=1_500, failed=0),
    "test_b": Figures(runs=20, seeds=20, messages=500, failed=0),
}
SENTENCE = "50 runs, 20 seeds, 2,000 messages: none failed"


def test_the_tests_of_a_guarantee_are_added_up() -> None:
    assert rendered(PAGE, KEPT) == [("Nothing is lost", SENTENCE)]


def test_figures_replace_the_last_ones_and_nothing_else() -> None:
    assert with_figures(PAGE, KEPT) == PAGE.replace("old", SENTENCE)
    assert with_figures(with_figures(PAGE, KEPT), KEPT) == with_figures(PAGE, KEPT)


def test_failures_are_not_hidden() -> None:
    failed = {"test_c": Figures(runs=1, seeds=1, messages=5, failed=1)}
    assert rendered(PAGE, failed) == [("Nothing is shown", "1 run, 1 seed, 5 messages: 1 failed")]
