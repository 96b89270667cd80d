"""Results as code: the terms that were derived, printed as NumPy or PyTorch functions.

`declared.py` reads what a module of code offers (a ```` ```functions ```` fence beside the derivations), `parts.py` and
`functions.py` find the term and the arguments of each function, `numeric.py` turns one term into one Python expression
that keeps its digits, `written.py` writes the module. No formula is typed here.
"""

from derive.export.declared import Declared, Offer, read_offer
from derive.export.modules import module, module_of

__all__ = ["Declared", "Offer", "module", "module_of", "read_offer"]
