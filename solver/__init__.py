"""Weekly clinic rotas that nobody has to make good: plain data in, plain data out."""

__version__ = "0.1.0"
