"""From the accepted facts of a document to a draft pack, and a person's corrections laid over it."""

from huanze.rules.packs.drafting.correcting import correct
from huanze.rules.packs.drafting.making import draft
from huanze.rules.packs.drafting.model import Draft, Found, Head, Note
from huanze.rules.packs.drafting.reading import of_reading

__all__ = ["Draft", "Found", "Head", "Note", "correct", "draft", "of_reading"]
