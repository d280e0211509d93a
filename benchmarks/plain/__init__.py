"""The week as most people would model it at first: a literal for each appointment, clinician and start.

What the plain CP-SAT model and the monolithic MIP share. Written from the problem's statement, apart from
the product's own models, so that a peer is a second opinion and not a copy.
"""
