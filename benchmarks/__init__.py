"""How good the rotas are, and how long they take: a booking clerk to beat, and commands that measure."""
