"""The engine's bench, for plans that run."""

from __future__ import annotations

from unit.engine.conftest import bench, engine_log, gate, gates

__all__ = ["bench", "engine_log", "gate", "gates"]
