"""One module a peer: ``open_engine(place)`` gives a function from texts to vectors, float32 [n, d].

A module imports its peer inside the function, since each is installed in one environment only, and raises
`Unable` with the reason where the peer cannot run.
"""
