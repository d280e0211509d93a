"""The verdict: what is attainable, which rules stand in the way, and what would help."""
