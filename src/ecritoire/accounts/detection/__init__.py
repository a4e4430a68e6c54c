"""What is unusual about a sign-in. Pure rules: they know no Django, no database and no clock of their own.

They read an event and what is known of the person (``Profile``) and of the world (``World``), and give findings. Country
is that of the address's allocation, never a place: nothing here pretends to know a town.
"""

from .events import Finding, Kind, SignIn, network_of
from .profile import Profile
from .rules import World, assess
from .spray import Spray, spray_in

__all__ = ["Finding", "Kind", "Profile", "SignIn", "Spray", "World", "assess", "network_of", "spray_in"]
