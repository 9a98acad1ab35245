"""What differs in a cluster from what was deployed there, by whom, and how it is taken back."""
