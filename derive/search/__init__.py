"""Search: where a rule fits a term, and with which substitution. What it finds the kernel still checks."""
