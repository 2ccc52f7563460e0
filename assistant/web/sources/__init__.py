"""The way from a number to its source: references, cells, tables and pages shown, files to take away."""
