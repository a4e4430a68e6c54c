"""CSV exports of any HR system, read by a mapping kept with their source. ``docs/hr-feed.md`` says how to write one."""

from .document import Mapping, MappingInvalid, ready_mapping, ready_mappings
from .reader import read_mapped

__all__ = ["Mapping", "MappingInvalid", "read_mapped", "ready_mapping", "ready_mappings"]
