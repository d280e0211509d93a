"""Clashes: pins and targets that cannot all hold, each a set that is as small as it can be."""
