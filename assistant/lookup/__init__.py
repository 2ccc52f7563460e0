"""The structured table lookup: an expression of a plan over the facts, by `assistant.lookup.lookup.Lookup`."""
