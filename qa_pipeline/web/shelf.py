"""A few things kept at hand by key, the least used put away first; safe among threads."""

from collections import OrderedDict
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

Key = TypeVar("Key")
Thing = TypeVar("Thing")


class Shelf(Generic[Key, Thing]):
    """At most `room` things."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._things: OrderedDict[Key, Thing] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Thing | None:
        """Return what stands under the key."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things.get(key)

    def put(self, key: Key, thing: Thing) -> None:
        """Keep a thing under the key."""
        with self._lock:
            self._things[key] = thing
            self._things.move_to_end(key)
            while len(self._things) > self._room:
                self._things.popitem(last=False)


class Lately(Generic[Key]):
    """Tells whether something happened lately; remembers at most `room` things."""

    def __init__(self, room: int) -> None:
        self._shelf: Shelf[Key, float] = Shelf(room)
        self._lock = Lock()

    def is_new(self, key: Key, within_s: float) -> bool:
        """Return whether this did not happen in the last `within_s` seconds, and note it now."""
        now_s = monotonic()
        with self._lock:
            last_s = self._shelf.get(key)
            if last_s is not None and now_s - last_s < within_s:
                return False
            self._shelf.put(key, now_s)
            return True
