"""A service's metrics in Prometheus' format."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class Metrics:
    """One service's metrics, in a registry of its own: several services may share a process."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        labels = {"service": service}

        def gauge(name: str, text: str, *names: str) -> Gauge:
            return Gauge(f"dure_{name}", text, ["service", *names], registry=self.registry)

        self.outbox_depth = gauge("outbox_depth", "events committed and not published yet").labels(**labels)
        self.outbox_age = gauge("outbox_age_seconds", "age of the oldest event that is not published yet").labels(
            **labels
        )
        self.outbox_withheld = gauge("outbox_withheld", "events that cannot be published").labels(**labels)
        self.consumer_lag = gauge("consumer_lag", "events not applied yet", "stream")
        self.consumer_age = gauge("consumer_age_seconds", "age of the oldest event that is not applied yet", "stream")
        self.retrying = gauge(
            "retrying_events", "events that failed when they were applied, and are tried again"
        ).labels(**labels)
        self.parked = gauge("parked_events", "events set aside after their tries were spent").labels(**labels)
        self.events_published = Counter(
            "dure_events_published", "events stored by NATS", ["service"], registry=self.registry
        ).labels(**labels)
        self.events_applied = Counter(
            "dure_events_applied", "events whose effect was committed", ["service"], registry=self.registry
        ).labels(**labels)
        self.publish_latency = Histogram(
            "dure_publish_latency_seconds",
            "from commit to stored by NATS",
            ["service"],
            registry=self.registry,
            buckets=BUCKETS,
        ).labels(**labels)
        self.event_latency = Histogram(
            "dure_event_latency_seconds",
            "from the fact to its effect here",
            ["service"],
            registry=self.registry,
            buckets=BUCKETS,
        ).labels(**labels)
        self.requests = Counter(
            "dure_requests", "requests by outcome", ["service", "method", "status"], registry=self.registry
        )
        self.request_latency = Histogram(
            "dure_request_latency_seconds", "request to answer", ["service"], registry=self.registry, buckets=BUCKETS
        ).labels(**labels)
        self.service = service

    def render(self) -> bytes:
        """The text that a scraper reads."""
        return generate_latest(self.registry)
