"""What may come of a rota when patients do not all come: exact laws, never simulated."""
