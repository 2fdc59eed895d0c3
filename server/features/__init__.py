"""The features: one file for each synced entity. `load` finds them; nothing else lists them.

A module here is a feature when it has `feature` (or `features`), or `commands_alone`; others are what features share.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.features.around import Around
    from server.features.shape import Command, Feature, Row


@dataclass(frozen=True)
class Registry:
    """Every feature found, by what one looks for."""

    features: tuple[Feature, ...]
    by_entity: MappingProxyType[str, Feature]
    by_row: MappingProxyType[type[Row], Feature]
    commands: MappingProxyType[str, type[Command]]
    circle: Callable[[Around], frozenset[str] | None]
    """The seats inside the circle of a child with protected identity; None for everybody else."""
    missed: MappingProxyType[str, str]
    """{kind of notice that matters: the command that marks whom it has not reached}"""


@cache
def load() -> Registry:
    """The registry of all features in this folder, in entity order."""
    from server.features.belonging import protected_circle

    found: list[Feature] = []
    alone: list[type[Command]] = []
    for module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
        loaded = importlib.import_module(module.name)
        found.extend(getattr(loaded, "features", ()))
        found.extend((loaded.feature,) if hasattr(loaded, "feature") else ())
        alone.extend(getattr(loaded, "commands_alone", ()))
    found.sort(key=lambda feature: feature.entity)
    commands = {command.name: command for command in alone}
    commands |= {command.name: command for feature in found for command in feature.commands}
    return Registry(
        tuple(found),
        MappingProxyType({feature.entity: feature for feature in found}),
        MappingProxyType({feature.row: feature for feature in found}),
        MappingProxyType(commands),
        protected_circle,
        MappingProxyType({kind: name for feature in found for kind, name in feature.missed.items()}),
    )
