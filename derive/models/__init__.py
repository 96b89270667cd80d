"""Models: declarations, assumptions, factorization, independence."""

from derive.models.factorization import Factor, Factorization, read_factorization, separated
from derive.models.model import Line, Model, Recursion, as_equation, compile_model, gaussian
from derive.models.reading import read_lines

__all__ = [
    "Factor",
    "Factorization",
    "Line",
    "Model",
    "Recursion",
    "as_equation",
    "compile_model",
    "gaussian",
    "read_factorization",
    "read_lines",
    "separated",
]
