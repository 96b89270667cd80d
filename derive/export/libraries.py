"""What NumPy and PyTorch call the few things that generated code needs: one table of names, one text for both."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

__all__ = ["LIBRARIES", "Library"]


@dataclass(frozen=True)
class Library:
    """A library: how it is imported, what its array type is called, and its spelling of what all code needs."""

    name: str
    opening: str
    array: str
    spelling: dict[str, str]

    def supports(self, wanted: set[str]) -> str:
        """The functions that the body of a module calls, those that they call themselves included."""
        known = {name: Template(text).substitute(self.spelling) for name, text in _SUPPORT.items()}
        chosen: set[str] = set()
        todo = wanted & set(known)
        while todo:
            name = todo.pop()
            chosen.add(name)
            todo |= {other for other in known if f"{other}(" in known[name]} - chosen
        return "\n\n\n".join(known[name] for name in known if name in chosen)


_SUPPORT = {
    "_steps": '''def _steps(t):
    """Steps as whole numbers: one of them, or an array."""
    steps = $asarray(t)
    if $not_whole:
        raise TypeError("steps are whole numbers")
    return $long''',
    "_at": '''def _at(values, t, first, name):
    """The numbers of an array at steps t, its first number belonging to the step `first`; nothing wraps around."""
    values, place = $array(values), _steps(t) - first
    if values.ndim != 1:
        raise ValueError(f"{name} is one number for each step: an array of shape (T,)")
    if $outside:
        raise IndexError(f"a step outside {first}..{first + len(values) - 1}, for which {name} is given")
    return values[place]''',
    "_require": '''def _require(holds, said):
    """Raises where steps do not stand in the order that the formula was derived for."""
    if not bool(holds.all()):
        raise ValueError(f"the steps must satisfy {said}")''',
    "_like": '''def _like(numbers, x):
    """One number, or one for each entry along the first axis of x, in a shape that multiplies x."""
    numbers = $array(numbers)
    return numbers.reshape(tuple(numbers.shape) + (1,) * max(0, $axes_of_x - numbers.ndim))''',
    "_root": '''def _root(number):
    """A square root of what is at least 0, where rounding may have left a little less."""
    rounding = (number < 0) & (number > -64 * $lib.finfo(number.dtype).eps)
    return $lib.sqrt($lib.where(rounding, $lib.zeros_like(number), number))''',
    "_running_sum": '''def _running_sum(values):
    """0, v_1, v_1 + v_2, …"""
    return $lib.$concatenate([$lib.zeros_like(values[:1]), $lib.cumsum(values, 0)])''',
    "_squared_norm": '''def _squared_norm(x, axes):
    """The sum of squares over all axes of x but the first `axes`."""
    return (x * x).sum(tuple(range(axes, $axes_of_x))) if $axes_of_x > axes else x * x''',
    "_inner": '''def _inner(x, y, axes):
    """The sum of products over all axes of x and y but the first `axes`."""
    return (x * y).sum(tuple(range(axes, $axes_of_x))) if $axes_of_x > axes else x * y''',
}

LIBRARIES = {
    "python": Library(
        "np", "import numpy as np", "np.ndarray",
        {
            "lib": "np", "asarray": "np.asarray", "array": "np.asarray", "axes_of_x": "np.ndim(x)",
            "not_whole": 'steps.dtype.kind not in "iu"', "long": "steps.astype(np.int64)",
            "outside": "place.size and (place.min() < 0 or place.max() >= len(values))",
            "concatenate": "concatenate",
        },
    ),
    "torch": Library(
        "torch", "import torch", "torch.Tensor",
        {
            "lib": "torch", "asarray": "torch.as_tensor", "array": "torch.as_tensor", "axes_of_x": "x.dim()",
            "not_whole": "steps.is_floating_point() or steps.dtype == torch.bool", "long": "steps.long()",
            "outside": "place.numel() and (int(place.min()) < 0 or int(place.max()) >= len(values))",
            "concatenate": "cat",
        },
    ),
}  # fmt: skip
