"""One file a change, never edited once it was released."""
