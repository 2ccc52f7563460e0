"""Whose budget, and of which year, a question is about."""
