"""Answers in the document's own words: passages found and quoted."""
