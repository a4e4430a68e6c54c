from . import desk, inbound, memory, pages, sign_ins, spraying
from .common import prepare

if __name__ == "__main__":
    site = prepare()
    for part in (pages, sign_ins, spraying, inbound, desk, memory):
        part.run(site)
