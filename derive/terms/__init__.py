"""Terms: what a formula is. Immutable SymPy trees, their sorts, what they bind, substitution, statements.

Ours are only the nodes SymPy has no word for; sums, products, powers, logarithms are SymPy's own.
"""

from derive.terms.arrays import (
    BlockMatrix,
    DerivativeIn,
    Diagonal,
    Differential,
    Entry,
    Family,
    Hadamard,
    Listing,
    MatrixPower,
    Ones,
    entry_of,
)
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
from derive.terms.choices import OPTIMA, ArgMax, ArgMin, Cases, Infimum, Limit, Maximum, Minimum, Supremum
from derive.terms.densities import Density, Normal
from derive.terms.events import (
    Complement,
    Equals,
    Holds,
    Indicator,
    Intersection,
    IntersectionOver,
    Probability,
    Union,
    UnionOver,
    Within,
)
from derive.terms.families import FAMILIES, fixed
from derive.terms.indices import IndexFacts, facts_of, orders
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
    LIST,
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
    Restricted,
    Scaled,
    Statement,
    Unequal,
)
from derive.terms.substitution import alpha_equal, canonical, substitute

__all__ = [
    "AlmostEverywhere", "AlmostSurely", "AmbiguousIndex", "Application", "Approximate", "ArgMax", "ArgMin",
    "BlockMatrix", "Cases", "Chain", "Complement", "Concave", "Convex", "CountingMeasure", "Covariance",
    "CrossEntropy", "Definition", "Density", "DerivativeIn", "Determinant", "Diagonal", "Differential", "Disjoint",
    "Distributed", "Divergence", "EVENT", "Entropy", "Entry", "Equal", "Equals", "Exchanges", "Exists",
    "Expectation", "FAMILIES", "Family", "ForEvery", "Gradient", "Greater", "GreaterEqual", "Hadamard", "Holds",
    "INDEX", "Identity", "Independent", "IndexFacts", "Indicator", "Infimum", "Inner", "Integral", "Intersection",
    "IntersectionOver", "Inverse", "KL", "LAW", "LIST", "Label", "Law", "LebesgueMeasure", "Less", "LessEqual",
    "Limit", "Listing", "MatrixPower", "MatrixProduct", "Maximum", "Member", "Minimum", "Norm", "Normal", "OPTIMA",
    "Ones", "PositiveDefinite", "PositiveSemidefinite", "Probability", "Proportional", "Relation", "Restricted", "Run",
    "SCALAR", "STATEMENT", "Scaled", "Sort", "Statement", "Supremum", "Trace", "Transpose", "Unequal", "Union",
    "UnionOver",
    "VARIABLES", "Variable", "Variance", "Within", "alpha_equal", "at", "binding", "bound_variables", "canonical",
    "coincide", "contained", "context", "differentiated", "entry_of", "facts_of", "fixed", "free_variables",
    "from_json",
    "is_scalar", "is_value", "matrix", "mentions", "occurrences", "orders", "overlap", "put", "sort_of", "split_scalar",
    "squared_norm",
    "substitute", "sympify_term", "to_json", "under", "vector", "walk",
]  # fmt: skip
