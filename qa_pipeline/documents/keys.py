"""Finds the keys that are valid at a place, from the declaration of a model."""

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag


def valid_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """Return the keys that `model` declares for the mapping at pydantic's location `loc`."""
    here: Any = model
    for part in loc:
        here = _below(here, part)
    for candidate in _models(here):
        return tuple(_fields(candidate))
    return ()


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {
        field.alias or name: Annotated[field.annotation, *field.metadata]
        if field.metadata
        else field.annotation
        for name, field in model.model_fields.items()
    }


def _below(here: Any, part: int | str) -> Any:
    """Return the type one step down: a field, an item, or a union's member by its tag."""
    for member in _members(here):
        if get_origin(member) is Annotated and any(
            isinstance(extra, Tag) and extra.tag == part for extra in get_args(member)[1:]
        ):
            return get_args(member)[0]
    for member in map(_bare, _members(here)):
        if isinstance(member, type) and issubclass(member, BaseModel):
            if part in (fields := _fields(member)):
                return fields[str(part)]
        elif isinstance(origin := get_origin(member), type) and issubclass(origin, Mapping):
            return get_args(member)[1]
        elif get_origin(member) in (tuple, list) and isinstance(part, int):
            return get_args(member)[0]
    return None


def _members(here: Any) -> tuple[Any, ...]:
    bare = _bare(here)
    return get_args(bare) if get_origin(bare) in (Union, UnionType) else (here,)


def _bare(here: Any) -> Any:
    while get_origin(here) is Annotated:
        here = get_args(here)[0]
    return here


def _models(here: Any) -> tuple[type[BaseModel], ...]:
    bare = [_bare(member) for member in _members(here)]
    return tuple(m for m in bare if isinstance(m, type) and issubclass(m, BaseModel))
