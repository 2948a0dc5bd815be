"""Work outside of requests: a run is a row, and the row is the queue.

Why no queue of others: a run has to stand in the list of plans from the moment it was asked for,
in the transaction that asked for it, and has to be taken up again when its worker dies. huey,
which has both databases, takes a task off its queue before it is done and acknowledges nothing:
"if you terminate the consumer without letting it finish any currently-executing tasks, those
tasks will be lost" (its documentation, *Consumer shutdown*). procrastinate knows PostgreSQL
alone. A second queue beside the table would have to be kept true to it at every crash.

How it goes: `queue` has the moves of a run as statements that change a row only from a state
that allows them; `worker` claims, keeps its lease alive, lets `child` compute in a process that
can be ended, and marks the run done in the transaction that applies what came of it. `registry`
lists the kinds of work.
"""
