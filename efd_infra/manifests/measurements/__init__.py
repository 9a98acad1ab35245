"""What is measured: every measurement that something in this program writes, and who writes it."""
