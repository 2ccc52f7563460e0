"""The operator's work: files indexed, an installation examined, a backup put back, the log."""
