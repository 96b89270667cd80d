"""Claims about random variables, brought to claims about densities: X ~ N(μ, v), E[g(X)], values in a list."""
