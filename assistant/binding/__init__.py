"""Things of a form to Selects: what the stretches of a question name, found in the documents."""
