"""Amounts as Kubernetes writes them.

https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

import re
from decimal import Decimal

_UNITS = {
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "": Decimal(1),
    **{unit: Decimal(1000) ** (power + 1) for power, unit in enumerate("kMGTPE")},
    **{f"{unit}i": Decimal(1024) ** (power + 1) for power, unit in enumerate("KMGTPE")},
}
_QUANTITY = re.compile(r"([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([A-Za-z]*)")


def amount(text: str) -> Decimal | None:
    """Return the number that a quantity such as ``500m`` or ``2Gi`` means; None if it means none.

    Cores for a processor, bytes for memory.
    """
    found = _QUANTITY.fullmatch(text)
    if not found or found[2] not in _UNITS or found[1].count(".") > 1:
        return None
    return Decimal(found[1]) * _UNITS[found[2]]
