"""Prometheus metrics of a service; no label ever holds an id of a person or a household."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SIZES = (1, 2, 5, 10, 20, 50, 100, 200)
_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)


class Metrics:
    """The metrics of one service instance in their own registry."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        prefix = "willkommen_"
        self._messages = Counter(
            f"{prefix}messages",
            "Messages and timers by how they came out",
            ["service", "type", "outcome"],
            registry=self.registry,
        )
        self._batch_size = Histogram(
            f"{prefix}batch_size", "Messages per commit", buckets=_SIZES, registry=self.registry
        )
        self._commit_seconds = Histogram(
            f"{prefix}commit_seconds",
            "Time from decision to commit",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.published = Counter(
            f"{prefix}published", "Messages confirmed by the broker", registry=self.registry
        )
        self.publish_failures = Counter(
            f"{prefix}publish_failures", "Tries to publish that failed", registry=self.registry
        )
        self.held = Counter(
            f"{prefix}held", "Times a batch was held for the database", registry=self.registry
        )
        self.outbox = Gauge(
            f"{prefix}outbox_entries", "Entries waiting to be published", registry=self.registry
        )
        self.refused = Gauge(
            f"{prefix}refused_entries",
            "Entries that the broker refused and that will be tried again",
            registry=self.registry,
        )
        self._dead_letters = Gauge(
            f"{prefix}dead_letters",
            "Messages that wait for a decision, of all instances together",
            ["service", "kind"],
            registry=self.registry,
        )
        self.timers_due = Gauge(
            f"{prefix}timers_due", "Timers that are due and not handled", registry=self.registry
        )
        self.service = service

    def message(self, kind: str, outcome: str) -> None:
        """Count one message."""
        self._messages.labels(self.service, kind, outcome).inc()

    def committed(self, size: int, seconds: float) -> None:
        """Note one commit."""
        self._batch_size.observe(size)
        self._commit_seconds.observe(seconds)

    def dead_letters(self, kinds: Mapping[str, int]) -> None:
        """Set the number of waiting dead letters of each kind."""
        self._dead_letters.clear()
        for kind, number in kinds.items():
            self._dead_letters.labels(self.service, kind).set(number)

    @property
    def published_count(self) -> float:
        """Messages confirmed by the broker so far."""
        return self.registry.get_sample_value("willkommen_published_total") or 0.0

    def text(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)
