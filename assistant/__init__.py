"""Questions to grounded answers. Imports `index`, never the reverse."""
