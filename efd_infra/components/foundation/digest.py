"""A digest over what a pod is made of, to tell whether it would change.

Names are enough where a ConfigMap or a Secret is auto-named: another content has another name.
"""

import hashlib
import json
from typing import Any

import pulumi


def digest(value: pulumi.Input[Any]) -> pulumi.Output[str]:
    """Return a digest of ``value``, unknown in a preview that does not know all of it yet.

    It is no secret, whatever is in ``value``: a pod template holds none.
    """
    return pulumi.Output.unsecret(pulumi.Output.from_input(value).apply(_sum))


def _sum(value: Any) -> str:
    text = json.dumps(value, default=vars, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
