"""The HTTP API, one router a module."""
