"""The search: assign the week, lay out each day, prove a bound, improve."""
