"""What this room keeps about people: nothing beside what the sources said (``directory``)."""

from ecritoire.directory.personal_data import leave_out

from .models import ScimUser, ScimValue


def register() -> None:
    leave_out("views of what a source said, handed over with the directory's part", ScimUser, ScimValue)
