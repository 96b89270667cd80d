"""Terms: what a formula is. Immutable SymPy trees, their sorts, what they bind, substitution, statements.

Ours are only the nodes SymPy has no word for; sums, products, powers, logarithms are SymPy's own.
"""

from derive.terms.binding import (
    AmbiguousIndex,
    binding,
    bound_variables,
    coincide,
    contained,
    free_variables,
    mentions,
    overlap,
    under,
)
from derive.terms.densities import Density, Normal
from derive.terms.events import Complement, Equals, Intersection, Probability, Union
from derive.terms.indices import IndexFacts, facts_of
from derive.terms.linear import (
    Determinant,
    Identity,
    Inner,
    Inverse,
    MatrixProduct,
    Norm,
    Trace,
    Transpose,
    split_scalar,
    squared_norm,
)
from derive.terms.names import Application, Label, Law, Run, Variable, sympify_term
from derive.terms.operators import (
    KL,
    Covariance,
    CrossEntropy,
    Divergence,
    Entropy,
    Expectation,
    Gradient,
    Integral,
    Variance,
)
from derive.terms.positions import at, context, differentiated, is_value, occurrences, put, walk
from derive.terms.regularity import (
    AlmostEverywhere,
    AlmostSurely,
    Concave,
    Convex,
    CountingMeasure,
    Disjoint,
    Exchanges,
    Exists,
    ForEvery,
    LebesgueMeasure,
)
from derive.terms.serial import from_json, to_json
from derive.terms.sorts import (
    EVENT,
    INDEX,
    LAW,
    SCALAR,
    STATEMENT,
    VARIABLES,
    Sort,
    is_scalar,
    matrix,
    sort_of,
    vector,
)
from derive.terms.statements import (
    Approximate,
    Chain,
    Definition,
    Distributed,
    Equal,
    Greater,
    GreaterEqual,
    Independent,
    Less,
    LessEqual,
    Member,
    PositiveDefinite,
    PositiveSemidefinite,
    Proportional,
    Relation,
    Statement,
    Unequal,
)
from derive.terms.substitution import alpha_equal, canonical, substitute

__all__ = [
    "AlmostEverywhere", "AlmostSurely", "AmbiguousIndex", "Application", "Approximate", "Chain", "Complement",
    "Concave", "Convex", "CountingMeasure", "Covariance", "CrossEntropy", "Definition", "Density", "Determinant",
    "Disjoint", "Distributed", "Divergence", "EVENT", "Entropy", "Equal", "Equals", "Exchanges", "Exists",
    "Expectation", "ForEvery", "Gradient", "Greater", "GreaterEqual", "INDEX", "Identity", "Independent",
    "IndexFacts", "Inner", "Integral", "Intersection", "Inverse", "KL", "LAW", "Label", "Law", "LebesgueMeasure",
    "Less", "LessEqual", "MatrixProduct", "Member", "Norm", "Normal", "PositiveDefinite", "PositiveSemidefinite",
    "Probability", "Proportional", "Relation", "Run", "SCALAR", "STATEMENT", "Sort", "Statement", "Trace",
    "Transpose", "Unequal", "Union", "VARIABLES", "Variable", "Variance", "alpha_equal", "at", "binding",
    "bound_variables", "canonical", "coincide", "contained", "context", "differentiated", "facts_of",
    "free_variables", "from_json", "is_scalar", "is_value", "matrix", "mentions", "occurrences", "overlap", "put",
    "sort_of", "split_scalar", "squared_norm", "substitute", "sympify_term", "to_json", "under", "vector", "walk",
]  # fmt: skip
