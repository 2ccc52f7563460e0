"""A form to the parts of a plan: what a form asks for, in the documents' own names. One family of calls a module.

`parts.planned` is the way through: `grouping` puts together what was read apart, each part is planned by the module of its call
(`rules`, `statements`, `words`), `joining` makes one plan of them. `asking` is the question meanwhile.
"""
