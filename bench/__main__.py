from . import desk, export, forum, inbound, memory, pages, sign_ins, spraying, web_sign_ins
from .common import prepare

if __name__ == "__main__":
    site = prepare()
    for part in (pages, sign_ins, web_sign_ins, spraying, inbound, desk, forum, export, memory):
        part.run(site)
