"""Records as the observatory makes them, and the accounts that show that none was lost."""
