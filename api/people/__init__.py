"""Who asks, and what they may: denied unless the matrix says otherwise."""

from api.people.identify import People
from api.people.person import Person
from api.people.tokens import Tokens

__all__ = ["People", "Person", "Tokens"]
