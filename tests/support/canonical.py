"""A run as one text, the same for the same run."""

import json

from rendering.recording import Run


def canonical(run: Run) -> str:
    """Return everything that a run registered and returned, sorted."""
    lines = [
        json.dumps(
            {
                "urn": resource.urn,
                "inputs": resource.inputs,
                "secret": sorted(map(str, resource.secret_paths)),
                "provider": resource.provider,
                "dependencies": sorted(resource.dependencies),
                "options": [resource.protect, resource.retain_on_delete, resource.autonamed],
            },
            sort_keys=True,
        )
        for resource in run.resources
    ]
    ends = {"outputs": run.outputs, "components": run.component_outputs, "warnings": run.warnings}
    return "\n".join([*sorted(lines), json.dumps(ends, sort_keys=True), ""])
