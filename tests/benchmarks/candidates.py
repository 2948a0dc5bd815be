"""The best candidates of every need: ours beside DuckDB and Polars, in the same run.

    python -m tests.benchmarks.candidates                                 100,000 × 1,000, best 50
    python -m tests.benchmarks.candidates --needs 20000 --json out.json

Each engine runs in a process of its own, on all cores. What is timed is the way from columns in
memory to the best 50 of each need: ours begins at a `Market` whose columns have been read
(``warm``), theirs at flat tables made for them (`candidates_tables`), where terms are matched
and all-in costs reckoned beforehand. Ours gives ten columns and the nearest product of each
need, theirs need, product and score. ``cold`` is ours with the columns read from the records.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import numpy as np

from matcher.market import Market
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.roads import at_speed
from matcher.scoring.weights import default_weights
from tests.benchmarks.candidates_market import AS_OF, make_records
from tests.benchmarks.candidates_tables import Table, need_rows, offer_rows

ENGINES = ("ours", "duckdb", "polars")
Run = Callable[[], tuple[Any, Any, Any]]


class Memory:
    """The most memory held since `start`, beyond what was held then, in MB."""

    def start(self) -> None:
        Path("/proc/self/clear_refs").write_text("5")
        self.before = self._read("VmRSS")

    @property
    def peak(self) -> float:
        return (self._read("VmHWM") - self.before) / 1024

    def _read(self, name: str) -> int:
        lines = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(name)).split()[1])


def ours(folder: Path, best: int) -> tuple[Run, dict[str, float]]:
    """Return our run from columns, and how long it took to get there."""
    weights = default_weights()
    small = Market.from_records(make_records(500, 40), AS_OF)
    seconds = {"compile_or_load": timed(lambda: at_speed(small, weights, best))}
    records = pickle.loads((folder / "records.pkl").read_bytes())
    found: list[Market] = []
    seconds["index"] = timed(lambda: found.append(Market.from_records(records, AS_OF)))
    market = found[0]
    seconds["cold"] = timed(lambda: ScoringGraph.build(market, weights, best))

    def run() -> tuple[Any, Any, Any]:
        graph = ScoringGraph.build(market, weights, best)
        return graph.edges.need, graph.edges.product, graph.score

    return run, seconds


def duckdb(folder: Path, best: int) -> tuple[Run, dict[str, float]]:
    """Return DuckDB's run from tables in memory."""
    import duckdb as engine

    from tests.benchmarks.candidates_sql import best_sql

    needs, offers = tables(folder)
    connection = engine.connect(config={"threads": str(cores())})
    for name, table in (("needs", needs), ("offers", offers)):
        connection.register("given", table)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        connection.unregister("given")
    query = best_sql(default_weights(), kinds(needs), best)

    def run() -> tuple[Any, Any, Any]:
        found = connection.execute(query).fetchnumpy()
        return found["need"], found["product"], found["score"]

    return run, {}


def polars(folder: Path, best: int) -> tuple[Run, dict[str, float]]:
    """Return Polars' run from data frames."""
    from tests.benchmarks.candidates_polars import find_best, frame

    needs, offers = tables(folder)
    left, right = frame(needs), frame(offers)

    def run() -> tuple[Any, Any, Any]:
        found = find_best(left, right, default_weights(), kinds(needs), best)
        return tuple(found[name].to_numpy() for name in ("need", "product", "score"))  # type: ignore[return-value]

    return run, {}


def tables(folder: Path) -> tuple[Table, Table]:
    """Return the flat tables of needs and offers."""
    needs, offers = pickle.loads((folder / "tables.pkl").read_bytes())
    return needs, offers


def kinds(needs: Table) -> list[int]:
    """Return the kinds of collateral that have columns."""
    names = (name.removeprefix("pledge_") for name in needs if name.startswith("pledge_"))
    return [int(name) for name in names if name.isdigit()]


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0))


def timed(action: Callable[[], object]) -> float:
    """Return how many seconds an action takes."""
    started = perf_counter()
    action()
    return perf_counter() - started


def work(engine: str, folder: Path, best: int, repeat: int) -> dict[str, Any]:
    """Run one engine, write its result beside the tables, and return its measures."""
    run, extra = {"ours": ours, "duckdb": duckdb, "polars": polars}[engine](folder, best)
    memory, wall, cpu = Memory(), [], []
    memory.start()
    for _ in range(repeat):
        started, used = perf_counter(), process_time()
        need, product, score = run()
        wall.append(perf_counter() - started)
        cpu.append(process_time() - used)
    np.savez(folder / f"{engine}.npz", need=need, product=product, score=score)
    return {
        "engine": engine,
        "seconds": median(wall),
        "cpu_seconds": median(cpu),
        "peak_mb": memory.peak,
        "edges": len(score),
        **extra,
    }


def disagreement(folder: Path, engine: str) -> str:
    """Return what differs between our result and an engine's; pairs that tie at the cut may.

    The scores of each need must be the same, best first, within 1e-6; and a pair that only one
    of the two has must score what the last of the need scores.
    """
    one, two = (np.load(folder / f"{name}.npz") for name in ("ours", engine))
    if len(one["need"]) != len(two["need"]):
        return f"{len(one['need'])} edges and {len(two['need'])}"
    ranked = [np.lexsort((-found["score"], found["need"])) for found in (one, two)]
    if not np.array_equal(one["need"][ranked[0]], two["need"][ranked[1]]):
        return "other numbers of edges by need"
    apart = np.abs(one["score"][ranked[0]] - two["score"][ranked[1]]).max()
    if apart > 1e-6:
        return f"scores {apart:.1e} apart"
    last = np.zeros(int(one["need"].max()) + 1, np.float32) + np.inf
    np.minimum.at(last, one["need"], one["score"])
    keys = [found["need"].astype(np.int64) << 32 | found["product"] for found in (one, two)]
    for found, key, other in ((one, keys[0], keys[1]), (two, keys[1], keys[0])):
        alone = ~np.isin(key, other)
        if (found["score"][alone] > last[found["need"][alone]] + 1e-6).any():
            return "other pairs above the cut"
    return ""


def measure(engine: str, folder: Path, best: int, repeat: int) -> dict[str, Any]:
    """Run one engine in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.candidates", "--worker", engine]
    command += ["--folder", str(folder), "--best", str(best), "--repeat", str(repeat)]
    environment = {**os.environ, "POLARS_MAX_THREADS": str(cores())}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        return {"engine": engine, "error": done.stderr.strip().splitlines()[-1:]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def prepare(folder: Path, num_needs: int, num_products: int, seed: int) -> None:
    """Make the market, as records and as tables."""
    records = make_records(num_needs, num_products, seed, fixed=False)
    market = Market.from_records(records, AS_OF)
    weights = default_weights()
    both = need_rows(market, weights), offer_rows(market, weights)
    (folder / "records.pkl").write_bytes(pickle.dumps(market.records))
    (folder / "tables.pkl").write_bytes(pickle.dumps(both))


def show(rows: list[dict[str, Any]]) -> None:
    """Print the measures as a table."""
    print(
        f"{'engine':<10}{'seconds':>9}{'cpu s':>9}{'peak MB':>9}{'edges':>11}{'× ours':>8}  agrees"
    )
    for row in rows:
        if "error" in row:
            print(f"{row['engine']:<10}{row['error']}")
            continue
        ratio = row["seconds"] / rows[0]["seconds"]
        figures = (row["seconds"], row["cpu_seconds"], row["peak_mb"])
        text = "".join(f"{f:>9.2f}" for f in figures[:2]) + f"{figures[2]:>9.0f}"
        agrees = row.get("differs", "") or "yes"
        print(f"{row['engine']:<10}{text}{row['edges']:>11,}{ratio:>8.1f}  {agrees}")
    extra = {k: round(rows[0][k], 2) for k in ("compile_or_load", "index", "cold")}
    print(f"ours, seconds once: {extra}")


def main() -> None:
    """Run the benchmark, or one engine of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=int, default=100_000)
    parser.add_argument("--products", type=int, default=1_000)
    parser.add_argument("--best", type=int, default=50)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--worker", choices=ENGINES)
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    if args.worker:
        print(json.dumps(work(args.worker, args.folder, args.best, args.repeat)))
        return
    with TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, args.needs, args.products, args.seed)
        rows = [measure(engine, folder, args.best, args.repeat) for engine in ENGINES]
        for row in rows[1:]:
            if "error" not in row:
                row["differs"] = disagreement(folder, row["engine"])
    show(rows)
    if args.json:
        args.json.write_text(json.dumps({"settings": vars(args), "rows": rows}, default=str))


if __name__ == "__main__":
    main()
