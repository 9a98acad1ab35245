"""Why there is no report."""


class UnaskedError(Exception):
    """Something could not be read or run; the message says what, and what is needed."""
