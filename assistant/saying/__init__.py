"""Evidence to sentences, each held against what it states."""
