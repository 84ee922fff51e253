"""The mailbox's store under many threads at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local.mailstore import MailStore


def test_mails_that_come_at_once_are_all_kept_and_can_be_read(tmp_path: Path) -> None:
    store = MailStore(tmp_path / "maildir")

    def add_and_read(number: int) -> bool:
        content = f"Message-ID: <{number}@x.example>\r\nSubject: {number}\r\n\r\nHello\r\n"
        store.add("a@x.example", [f"b{number}@x.example"], content.encode())
        [summary] = store.summaries(to=f"b{number}@")
        return store.mail(summary.key) is not None

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(add_and_read, range(400)))
    assert store.counts() == {"mails": 400, "duplicates": 0}
