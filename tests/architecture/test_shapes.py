"""Files are short, finished and where one looks for them; each rule finds what is not."""

from collections.abc import Callable, Iterator

import pytest

from tests.architecture import shape_rules as rules
from tests.architecture.sources import PROJECT, Source, files, sources, tracked
from tests.architecture.test_imports import domain_sources

Rule = Callable[[Source], Iterator[str]]
SERVICES = sorted({source.service for source in sources("services/")} - {""})
EXCEPTIONS: dict[str, str] = {}
"""Path of a file or `path:function` that may be longer, with the reason."""

WHOLE = {
    f"services/kites/{name}"
    for name in (*rules.ALWAYS, "handlers.py", "domain/__init__.py", "domain/kite.py")
}
PARTED = {
    f"services/kites/{name}"
    for name in (*rules.ALWAYS, *(f"strings/{part}.py" for part in ("__init__", *rules.PARTS)))
}


def long_function(lines: int) -> str:
    return "def fly():\n" + "    pass\n" * (lines - 1)


@pytest.mark.parametrize("rule", [rules.files_are_short, rules.functions_are_short])
def test_everything_is_short(rule: Rule) -> None:
    sentences = [sentence for source in sources() for sentence in rule(source)]
    assert [each for each in sentences if not each.startswith(tuple(EXCEPTIONS))] == []


def test_what_is_too_long_is_found() -> None:
    assert list(rules.files_are_short(Source("a.py", "\n" * 301))) == [
        "a.py:1 has 301 lines, more than 300"
    ]
    assert list(rules.functions_are_short(Source("a.py", long_function(51)))) == [
        "a.py:1 fly has 51 lines"
    ]
    assert list(rules.files_are_short(Source("a.py", "\n" * 300))) == []
    assert list(rules.functions_are_short(Source("a.py", f"async {long_function(50)}"))) == []


def test_every_module_says_what_it_is_for() -> None:
    folders = ("services/", "shared/", "willkommen/", "tests/", "local/", "benchmarks/", "data/")
    every = [each for s in sources(*folders) for each in rules.modules_say_what_they_are_for(s)]
    assert every == []


def test_a_module_without_a_docstring_is_found() -> None:
    assert list(rules.modules_say_what_they_are_for(Source("a.py", "import os"))) == [
        "a.py:1 has no docstring"
    ]


def test_domains_ask_nobody_for_time_ids_or_chance() -> None:
    assert [each for s in domain_sources() for each in rules.the_domain_asks_nobody(s)] == []


@pytest.mark.parametrize(
    "call",
    [
        "datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "time.time()",
        "time.monotonic_ns()", "uuid4()", "uuid.uuid1()", "random.choice([1])",
        "secrets.token_hex()", "token_urlsafe(9)", "SystemClock()",
    ],
)  # fmt: skip
def test_a_domain_that_asks_is_found(call: str) -> None:
    assert len(list(rules.the_domain_asks_nobody(Source("a.py", f"def f():\n    {call}")))) == 1


@pytest.mark.parametrize("call", ["clock.now()", "uuid5(SPACE, 'a')", "message.today", "d.time()"])
def test_a_domain_that_is_told_is_left_in_peace(call: str) -> None:
    assert list(rules.the_domain_asks_nobody(Source("a.py", call))) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_anatomy(service: str) -> None:
    assert list(rules.services_have_the_anatomy(service, files())) == []


@pytest.mark.parametrize("paths", [WHOLE, PARTED], ids=["whole", "with sub-domains"])
def test_a_missing_part_of_a_service_is_found(paths: set[str]) -> None:
    assert list(rules.services_have_the_anatomy("kites", paths)) == []
    for path in sorted(paths):
        if not path.endswith(("__init__.py", "kite.py")):
            assert list(rules.services_have_the_anatomy("kites", paths - {path})), path


def test_nothing_says_where_it_was_made_or_is_unfinished() -> None:
    texts = ((path, (PROJECT / path).read_text(errors="replace")) for path in files())
    every = [each for path, text in texts for each in rules.no_words_of_the_workplace(path, text)]
    assert every == []


@pytest.mark.parametrize("word", ["/{}/a", "# {}: later", "raise NotImplemented{}"])
def test_words_of_a_workplace_are_found(word: str) -> None:
    filling = {"/": "work", "#": "TO" + "DO", "r": "Error"}[word[0]]
    said = list(rules.no_words_of_the_workplace("a.py", f"\n{word.format(filling)}"))
    assert len(said) == 1
    assert said[0].startswith("a.py:2 says ")


def test_a_folder_called_network_is_no_workplace() -> None:
    assert list(rules.no_words_of_the_workplace("a.md", "services/network/app.py")) == []


def test_locks_hold_no_address() -> None:
    locks = [path for path in files() if path.endswith(".lock")]
    assert locks
    for path in locks:
        assert list(rules.locks_hold_no_address(path, (PROJECT / path).read_text())) == []


@pytest.mark.parametrize(
    "line", ["--index-url https://a.example", "a @ file:///b", "  /home/a", "a @ git+ssh://b"]
)
def test_an_address_in_a_lock_is_found(line: str) -> None:
    said = list(rules.locks_hold_no_address("a.lock", f"a==1 --hash=sha256:ab\n{line}\n"))
    assert len(said) == 1
    assert said[0].startswith("a.lock:2 holds ")


def test_the_root_is_small() -> None:
    assert list(rules.the_root_is_small(tracked())) == []


def test_a_crowded_root_is_found() -> None:
    names = [f"file-{number}" for number in range(19)]
    said = list(rules.the_root_is_small(names))
    assert len(said) == 1
    assert said[0].startswith("the root has 19 entries")
    assert list(rules.the_root_is_small([*names[:18], "file-0/inside", ".hidden"])) == []
