"""``python -m bench.tasks MODULE.FUNCTION JSON``: run one task, print its result as JSON."""

import json
import sys
from importlib import import_module
from typing import Any

import numpy as np


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in a result")


def main(name: str, arguments: str) -> None:
    """Find the function, call it with the arguments, print what it returns."""
    module, function = name.split(".")
    result = getattr(import_module(f"bench.tasks.{module}"), function)(**json.loads(arguments))
    print(json.dumps(result, default=_plain))


if __name__ == "__main__":
    main(*sys.argv[1:3])
