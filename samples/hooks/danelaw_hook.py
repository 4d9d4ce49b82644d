"""What the sample hooks share: the protocol of docs/hooks.md, secrets and HTTP. Python 3.9 or later, standard library only."""
import json
import os
import stat
import sys
import urllib.error
import urllib.request

DONE, REFUSED, LATER, CHANGED = 0, 1, 3, 4


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


def send(method, url, headers, body=None):
    """One request. Returns status and body; statuses of trouble that passes end the hook with LATER."""
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as failure:
        text = failure.read()
        if failure.code == 429 or failure.code >= 500:
            raise End(LATER, f"the DNS host answers {failure.code}: try again later")
        if failure.code in (401, 403):
            raise End(REFUSED, f"the DNS host refuses the token ({failure.code})")
        return failure.code, text
    except (urllib.error.URLError, OSError):
        raise End(LATER, "the DNS host cannot be reached")


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
    """read(asked) gives (records, ttl, whatever replace needs); replace(asked, found) makes the RRset asked['after']."""
    try:
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
        return DONE
    except End as end:
        print(end.line, file=sys.stderr)
        return end.status
