"""Whether a statement holds, what would make it true, and what was probably meant."""
