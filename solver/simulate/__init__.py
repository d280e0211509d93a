"""What does come of a rota when patients are drawn one by one: weeks lived through, minute by minute.

Shares no code with `solver.risk`, so that either can find the other wrong (see `solver.backtest`).
"""
