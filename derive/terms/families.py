r"""Names with a meaning that is fixed and not computed here: Bernoulli(p), sigmoid(x), Dirac's δ.

They are read as they are written. No world may choose a law or a function for them, so that no claim about them is
refuted.
"""

from __future__ import annotations

FAMILIES = frozenset(
    (
        "U Uniform Unif unif uniform Cat Categorical Categ Bernoulli Bern Ber Beta BetaBinomial Binomial Bin Binom "
        "NegativeBinomial Dirichlet Dir Gamma Ga Gam InvGamma IG Poisson Poi Pois Exponential Expo Laplace Lap "
        "Geometric Geom Geo Multinomial Mult Multi Hypergeometric Wishart GP Student StudentT Cauchy LogNormal "
        "Lognormal Gumbel Rayleigh Weibull Pareto Rademacher Logistic TruncatedNormal Dirac Delta Discrete Mixture "
        "GMM Zipf Concrete Rician vMF NIW NIG"
    ).split()
) | {r"\mathcal U", r"\mathcal W", r"\mathcal GP", r"\mathcal IG", r"\mathcal TN", r"\mathcal MN"}
"""Families of laws, written with their parameters."""

FIXED_FUNCTIONS = frozenset(
    (
        "sigmoid softmax Softmax ReLU relu softplus logit expit probit logistic erf erfc logsumexp LogSumExp sinc "
        "rank vec vech span card clip digamma trigamma floor ceil round sg stopgrad onehot one-hot arctanh argsort "
        "median mode"
    ).split()
) | {r"\delta"}
"""Functions; δ, applied, can be Dirac's."""


def fixed(name: str) -> bool:
    """Whether a name has a meaning that is fixed and not computed here."""
    return name in FAMILIES or name in FIXED_FUNCTIONS
