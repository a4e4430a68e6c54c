"""Requests and incidents for other programs: ``/api/v1``. The pages' own services do the work."""
