"""Bundled models: folders that `from_pretrained` loads without a network."""

from __future__ import annotations

from pathlib import Path

DEFAULT = "default"
GSM8K_DEV = 473  # the last problems of GSM8K's train split are for choosing: no model is trained on them


def path(name: str = DEFAULT) -> Path:
    """Folder of a bundled model, for `AutoModelForCausalLM.from_pretrained`; its Q head is in `q_head/`.

    Raises ValueError naming the bundled models when there is none of that name.
    """
    root = Path(__file__).parent
    bundled = sorted(config.parent.name for config in root.glob("*/config.json"))
    if name not in bundled:
        raise ValueError(f"no bundled model {name!r}; bundled: {', '.join(bundled) or 'none'}")
    return root / name
