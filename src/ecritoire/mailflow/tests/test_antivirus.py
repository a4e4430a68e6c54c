"""The antivirus is asked in clamd's own protocol; without an answer nothing passes."""

import socketserver
import struct
import threading

import pytest

from ecritoire.mailflow.antivirus import AntivirusUnavailable, virus_in

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """Speaks INSTREAM, and knows one virus."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        if len(content) > 1_000_000:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            self.wfile.write(b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


@pytest.fixture(params=["unix", "tcp"])
def clamd(request, settings, tmp_path):
    server: socketserver.BaseServer
    if request.param == "unix":
        address = str(tmp_path / "clamd.sock")
        server = socketserver.UnixStreamServer(address, Clamd)
    else:
        server = listening = socketserver.TCPServer(("127.0.0.1", 0), Clamd)
        address = f"127.0.0.1:{listening.socket.getsockname()[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    section = settings.CONFIG.antivirus.model_copy(update={"clamd": address})
    settings.CONFIG = settings.CONFIG.model_copy(update={"antivirus": section})
    yield
    server.shutdown()
    server.server_close()
    thread.join()


def test_it_works(clamd):
    assert virus_in(b"a" * 200_000) == ""
    assert virus_in(b"a" * 200_000 + EICAR) == "Eicar-Signature"


def test_what_it_cannot_scan_does_not_pass(clamd):
    with pytest.raises(AntivirusUnavailable, match="size limit"):
        virus_in(bytes(1_200_000))


def test_an_antivirus_that_is_away_lets_nothing_pass(settings, tmp_path):
    section = settings.CONFIG.antivirus.model_copy(update={"clamd": str(tmp_path / "nobody.sock")})
    settings.CONFIG = settings.CONFIG.model_copy(update={"antivirus": section})
    with pytest.raises(AntivirusUnavailable):
        virus_in(b"x")


def test_without_one_nothing_is_asked(settings):
    assert settings.CONFIG.antivirus.clamd == ""
    assert virus_in(EICAR) == ""
