"""The SQL store, the truth of what is indexed."""
