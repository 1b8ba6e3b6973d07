"""What several benchmarks use: measuring in turn, the stopwatch, the judge, curves, the record."""
