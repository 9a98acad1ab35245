"""What a person reads when something is in the way."""


class DevkitError(Exception):
    """One thing is in the way: what it is and what to do about it."""

    def __init__(self, what: str, todo: str = "") -> None:
        """Say what is wrong in one line and, where there is one, the way out in another."""
        super().__init__(what)
        self.what = what
        self.todo = todo

    def __str__(self) -> str:
        """Both lines as a terminal shows them."""
        return f"error: {self.what}" + (f"\n  → {self.todo}" if self.todo else "")
