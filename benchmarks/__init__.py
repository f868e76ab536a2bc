"""Speed, cost and accuracy, measured by commands that anyone can repeat: `python -m benchmarks`."""
