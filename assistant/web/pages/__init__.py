"""The pages beside the chat, and how all pages look."""
