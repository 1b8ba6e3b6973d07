"""How quality grows with time: a stopwatch, a judge, curves, the record of runs, the report."""
