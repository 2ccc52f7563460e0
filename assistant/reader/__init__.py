"""The network that reads a question into its likeliest forms. It knows no document."""
