"""The page and the HTTP API over one open store."""
