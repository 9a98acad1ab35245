"""Pure functions from typed values to text and labels; no Pulumi here."""
