"""What-if: ask the plan a question, and get an answer that can be believed.

The flow, one way::

    Setting (market, weights, fixings, floors)
        ── Scenario (named, typed changes) ──> Applied (another Setting, the inverse, what changed)
        ── solve_setting, warm from the baseline ──> Solved (graph, problem, result: arrays)
        ── compare ──> Comparison (matches kept, gained, lost, moved, each with its reasons; groups;
                       pools before and after)

and on top of it, all by way of the same two steps:

- `sweep`: one number over a range, a curve with the certified gap of each point;
- `front`: two goals (score, the worst-off group's rate), the plans that nothing dominates;
- `least`: the least extra capacity that serves a firm, or a share of a group, with its proof;
- `advise`: the changes that would help most, predicted from the multipliers, verified by solving.

Nothing here touches what it is given: markets and problems are read-only, and a scenario makes
new ones. The engine knows no file; `matcher.files.scenario` reads and writes scenarios.
"""
