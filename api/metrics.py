"""Figures for a monitor, in the text form of Prometheus.

Each app has a registry of its own, in the memory of its process: with several processes each tells
of the requests that it answered, and of the same queue. Routes are named by their templates, so
that neither ids nor words of strangers make new series.
"""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

import matcher
from api.observing import Exchange
from matcher.domain.run import RunState

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counts what requests tell of themselves."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "yinqi_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "yinqi_request_seconds",
            "Time to answer, from the head of the request to the end of the answer.",
            ["method", "route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._runs = Gauge(
            "yinqi_runs", "Runs in the store.", ["kind", "state"], registry=self.registry
        )
        self._queue = Gauge(
            "yinqi_queue_length", "Runs that wait for a worker.", registry=self.registry
        )
        version = Gauge("yinqi_info", "What runs.", ["version"], registry=self.registry)
        version.labels(matcher.__version__).set(1)

    def observe(self, exchange: Exchange) -> None:
        """Count a request."""
        self._requests.labels(exchange.method, exchange.route, str(exchange.status)).inc()
        self._seconds.labels(exchange.method, exchange.route).observe(exchange.seconds)

    def text(self, runs: Mapping[tuple[str, str], int]) -> bytes:
        """Return all figures.

        Parameters
        ----------
        runs
            How many runs the store has, by kind and state.
        """
        self._runs.clear()
        waiting = 0
        for (kind, state), count in sorted(runs.items()):
            self._runs.labels(kind, state).set(count)
            waiting += count if state == RunState.QUEUED else 0
        self._queue.set(waiting)
        return generate_latest(self.registry)
