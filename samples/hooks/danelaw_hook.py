"""What the sample hooks share: the protocol of docs/hooks.md, secrets and HTTP. Python 3.9 or later, standard library only."""
import http.client
import json
import os
import socket
import ssl
import stat
import sys
import urllib.error
import urllib.request

DONE, REFUSED, LATER, CHANGED, UNKNOWN = 0, 1, 3, 4, 5

# Whether the host took a change: from then on nothing that goes wrong means that nothing was done.
_has_changed = False


class End(Exception):
    """Ends the hook with a status and a line for people. Never put a secret into it."""

    def __init__(self, status, line):
        super().__init__(line)
        self.status, self.line = status, line


def secret(name):
    """A secret: the environment variable NAME, or the file that NAME_FILE names, which nobody else may read."""
    if os.environ.get(name):
        return os.environ[name].strip()
    path = os.environ.get(name + "_FILE")
    if not path:
        raise End(REFUSED, f"set {name}, or {name}_FILE to a file with it")
    try:
        with open(path, encoding="ascii") as file:
            if os.fstat(file.fileno()).st_mode & (stat.S_IROTH | stat.S_IWOTH | stat.S_IWGRP):
                raise End(REFUSED, f"{path} holds a secret, and others may read or change it: chmod o-rwx,g-w {path}")
            return file.read().strip()
    except (OSError, UnicodeDecodeError):
        raise End(REFUSED, f"{path} cannot be read")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Elsewhere nobody gets the token, and a change that is asked for again as GET is none."""

    def redirect_request(self, *_):
        return None


def send(method, url, headers, body=None):
    """One request. Returns status and body. Trouble that passes ends the hook with LATER; a change that the host may have made all the same ends it with UNKNOWN."""
    global _has_changed
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    lost = LATER if method == "GET" else UNKNOWN
    try:
        try:
            with urllib.request.build_opener(_NoRedirects).open(request, timeout=30) as reply:
                status, text = reply.status, reply.read()
        except urllib.error.HTTPError as failure:
            status, text = failure.code, failure.read()
    except urllib.error.URLError as failure:
        # Who was never connected to has not been told anything.
        never_reached = isinstance(failure.reason, (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError))
        raise End(LATER if never_reached else lost, "the DNS host cannot be reached")
    except (OSError, http.client.HTTPException):
        raise End(lost, "the DNS host gave no whole answer")
    if status == 429:
        raise End(LATER, "the DNS host answers 429: try again later")
    if status >= 500:
        # A proxy may say so while the host behind it goes on.
        raise End(lost, f"the DNS host answers {status}: try again later")
    if status in (401, 403):
        raise End(REFUSED, f"the DNS host refuses the token ({status})")
    if method != "GET" and status < 300:
        _has_changed = True
    return status, text


def parse(text):
    """What a host sent as JSON."""
    try:
        return json.loads(text)
    except ValueError:
        raise End(LATER, "the DNS host sent something that is not JSON")


def canonical(record):
    """A TLSA record with its digits in lower case and in one piece, as danelaw writes it."""
    words = record.split()
    return " ".join(words[:3] + ["".join(words[3:]).lower()])


def same(left, right):
    return sorted(map(canonical, left)) == sorted(map(canonical, right))


def run(read, replace):
    """read(asked) gives (records, ttl, whatever replace needs); replace(asked, found) makes the RRset asked['after']. Returns the exit status."""
    try:
        answer(read, replace)
        return DONE
    except End as end:
        status, line = end.status, end.line
    except Exception as failure:
        # Python itself would end with 1, which means refused, and show texts that may hold the token.
        status, line = UNKNOWN, f"this hook failed in a way that it does not know ({type(failure).__name__})"
    print(line, file=sys.stderr)
    return UNKNOWN if _has_changed else status


def answer(read, replace):
    asked = json.load(sys.stdin)
    if asked.get("schema") != "danelaw.hook/1" or asked.get("type") != "TLSA":
        raise End(REFUSED, "this hook speaks danelaw.hook/1, and of TLSA records")
    records, ttl, found = read(asked)
    if asked["action"] == "read":
        print(json.dumps({"records": [canonical(record) for record in records], "ttl": ttl if records else None}))
    elif asked["action"] == "publish":
        if not same(records, asked["before"]):
            raise End(CHANGED, f"{asked['owner']} has other records than before")
        replace(asked, found)
    else:
        raise End(REFUSED, f"this hook does not know how to {asked['action']}")
