"""The evaluation harness: how right, how grounded and how fast the answers are."""
