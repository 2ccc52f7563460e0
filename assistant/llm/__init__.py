"""A language model where one is configured: it may read a question that the local planner cannot, and may word what has been found.
It gives no number: plans are looked up like any other, and its sentences are held against what was found."""
