"""Results as code: the terms that were derived, printed as NumPy or PyTorch functions.

`declared.py` reads what a module of code offers (a ```` ```functions ```` fence beside the derivations), `numeric.py`
turns one term into one Python expression that keeps its digits, `modules.py` puts a module together. No formula is
typed here.
"""

from derive.export.declared import Declared, Offer, read_offer
from derive.export.modules import module, module_of

__all__ = ["Declared", "Offer", "module", "module_of", "read_offer"]
