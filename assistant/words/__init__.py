"""The words of a question, and what each can name in the indexed documents."""
