"""What holds for every object of every site, as plain functions."""
