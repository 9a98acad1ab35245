"""Whether a deployed site is what was planned, seen from outside: reads only, changes nothing."""
