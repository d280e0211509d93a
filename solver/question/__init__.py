"""The question: what the solver is told, as it arrives (`request`) and as it is used (`clinic`)."""
