"""The explanations: why a rota is as it is, and what would help."""
