"""What page and API share: the open store, how many are answered, who is turned away, what is counted."""
