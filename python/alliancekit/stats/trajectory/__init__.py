"""Curves over the session, or over the sessions of a treatment: from turns to points, from points to bands."""
