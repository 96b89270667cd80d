"""Symmetric positive definite matrices, recognised by how they are made of others that are known to be.

    P ≻ 0, R ≻ 0 ⟹ P⁻¹ ≻ 0, c P ≻ 0 for c > 0, R + H P Hᵀ ≻ 0

A positive definite matrix has a positive determinant, and so an inverse. Of one put together of four blocks, those on
the diagonal and both Schur complements are positive definite.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from sympy import Add, Basic

from derive.terms import (
    BlockMatrix,
    Determinant,
    Identity,
    Inverse,
    MatrixProduct,
    PositiveDefinite,
    Transpose,
    is_scalar,
    split_scalar,
)
from derive.terms.positions import walk
from derive.terms.statements import Greater

Positive = Callable[[Basic], bool]


def definite(term: Basic, known: Collection[Basic], positive: Positive) -> bool:
    """Whether a matrix is certainly positive definite; `known` are some that are, `positive` certifies numbers."""
    if is_scalar(term):
        return positive(term)
    if term in known:
        return True
    parts = Add.make_args(term)
    strictly = [_definite_part(part, known, positive) for part in parts]
    return any(strictly) and all(
        sure or _semidefinite_part(part, known, positive) for sure, part in zip(strictly, parts, strict=True)
    )


def _definite_part(term: Basic, known: Collection[Basic], positive: Positive) -> bool:
    scalar, base = split_scalar(term)
    if scalar != 1 and not positive(scalar):
        return False
    if isinstance(base, Identity) or base in known:
        return True
    return isinstance(base, Inverse) and definite(base.args[0], known, positive)


def _semidefinite_part(term: Basic, known: Collection[Basic], positive: Positive) -> bool:
    """c A P Aᵀ, c A Aᵀ."""
    scalar, base = split_scalar(term)
    if (scalar != 1 and not positive(scalar)) or not isinstance(base, MatrixProduct):
        return False
    factors = list(base.args)
    while len(factors) > 1 and factors[-1] == Transpose(factors[0]):
        factors = factors[1:-1]
    return not factors or (len(factors) == 1 and definite(factors[0], known, positive))


def determinants(terms: Iterable[Basic], known: Collection[Basic], positive: Positive) -> list[Greater]:
    """det M > 0 for every M in these terms whose determinant or inverse is taken, where M ≻ 0 is certain."""
    taken = dict.fromkeys(matrix for term in terms for matrix in _inverted(term))
    return [Greater(Determinant(matrix), 0) for matrix in taken if definite(matrix, known, positive)]


@lru_cache(maxsize=20_000)
def _inverted(term: Basic) -> tuple[Basic, ...]:
    """The matrices whose determinant or inverse a term takes."""
    return tuple(dict.fromkeys(node.args[0] for _, node in walk(term) if isinstance(node, (Determinant, Inverse))))


def with_parts(matrices: Iterable[Basic]) -> frozenset[Basic]:
    """Positive definite matrices with the blocks on the diagonal of those that are put together of four, and with
    Schur's complements S − U V⁻¹ Uᵀ and V − Uᵀ S⁻¹ U.
    """
    found = set(matrices)
    for whole in list(found):
        if not isinstance(whole, BlockMatrix) or len(whole.rows) != 2 or len(whole.rows[0]) != 2:
            continue
        (first, upper), (lower, last) = whole.rows
        if is_scalar(first) or is_scalar(last) or upper == 0 or lower == 0:
            continue
        found |= {first, last}
        for right, left in ((upper, lower), (upper, Transpose(upper)), (Transpose(lower), lower)):
            found.add(first - MatrixProduct(right, Inverse(last), left))
            found.add(last - MatrixProduct(left, Inverse(first), right))
    return frozenset(found)


def stated(statements: Iterable[Basic]) -> frozenset[Basic]:
    """The matrices that statements say are positive definite."""
    return frozenset(item.args[0] for item in statements if isinstance(item, PositiveDefinite))
