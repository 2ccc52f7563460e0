"""A form to the parts of a plan: what a form asks for, in the documents' own names. One family of calls a module."""
