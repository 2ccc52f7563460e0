"""Blocks to a Document: sections, tables, performance forms, figures of prose."""
