"""What keeps a command from doing its work."""


class SandboxError(Exception):
    """Something is in the way: what it is and, after an arrow, what to do about it."""


class BusyError(SandboxError):
    """Another run is at work on the same sandbox."""


class UnaskedError(SandboxError):
    """The cloud or the place of the states could not be asked."""
