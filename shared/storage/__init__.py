"""The only place that touches the database driver: transactions, repositories, system records."""

from shared.storage.database import Database
from shared.storage.driver import Document, Moment
from shared.storage.errors import (
    ConcurrentChange,
    DriverError,
    StorageError,
    StorageUnavailable,
    WriteRefused,
)
from shared.storage.repository import Index, Repository
from shared.storage.unit import UnitOfWork

__all__ = [
    "ConcurrentChange",
    "Database",
    "Document",
    "DriverError",
    "Index",
    "Moment",
    "Repository",
    "StorageError",
    "StorageUnavailable",
    "UnitOfWork",
    "WriteRefused",
]
