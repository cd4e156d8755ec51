"""Drives kazoo by JSON lines on standard input and output (see ../scripted-client.ts).

Watches are kazoo's DataWatch and ChildrenWatch: its plain watches do not outlive a connection by design, those recipes do.
"""

import json
import sys
import threading

from kazoo.client import KazooClient, KazooState
from kazoo.exceptions import KazooException
from kazoo.retry import KazooRetry

EVENT_NAMES = {
    "CREATED": "NodeCreated",
    "DELETED": "NodeDeleted",
    "CHANGED": "NodeDataChanged",
    "CHILD": "NodeChildrenChanged",
}

output_lock = threading.Lock()


def say(line):
    with output_lock:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


class Driver:
    def __init__(self, hosts, timeout_seconds):
        retry = KazooRetry(max_tries=-1, delay=0.02, backoff=1, max_delay=0.1)
        self.client = KazooClient(hosts=hosts, timeout=timeout_seconds, connection_retry=retry)
        self.client.add_listener(self.on_state)
        self.locks = {}
        self.client.start()

    def on_state(self, state):
        if state == KazooState.CONNECTED:
            say({"connected": True})

    def create(self, path, data, mode):
        return self.client.create(
            path,
            data.encode(),
            ephemeral=mode.startswith("EPHEMERAL"),
            sequence=mode.endswith("SEQUENTIAL"),
        )

    def get(self, path):
        return self.client.get(path)[0].decode()

    def set(self, path, data):
        self.client.set(path, data.encode())

    def delete(self, path):
        self.client.delete(path)

    def list(self, path):
        return self.client.get_children(path)

    def watchData(self, path):
        def on_change(_data, _stat, event):
            self.tell(event, "NodeDataChanged", path)

        self.client.DataWatch(path, self.after_first(on_change))

    def watchChildren(self, path):
        def on_change(_children, event):
            self.tell(event, "NodeChildrenChanged", path)

        self.client.ChildrenWatch(path, self.after_first(on_change), send_event=True)

    def after_first(self, listener):
        calls = []

        def listen(*args):
            calls.append(args)
            if len(calls) > 1:
                listener(*args)

        return listen

    def tell(self, event, type_found_by_reading, path):
        # What was found out by reading again after a reconnect comes with an event of the session, or with none.
        type_name = EVENT_NAMES.get(event.type if event else None, type_found_by_reading)
        say({"event": {"type": type_name, "path": path}})

    def sessionId(self):
        return hex(self.client.client_id[0] % (1 << 64))

    def acquireLock(self, path):
        self.locks[path] = self.client.Lock(path, "interop")
        self.locks[path].acquire()

    def releaseLock(self, path):
        self.locks.pop(path).release()

    def close(self):
        self.client.stop()
        self.client.close()


def answer(driver, line):
    reply = {"call": line["call"]}
    try:
        reply["value"] = getattr(driver, line["name"])(*line["args"])
    except KazooException as error:
        reply["error"] = type(error).__name__.removesuffix("Error").upper()
    except Exception as error:
        reply["error"] = repr(error)
    say(reply)


def main():
    driver = Driver(sys.argv[1], float(sys.argv[2]) / 1000)
    for text in sys.stdin:
        # A thread each: waiting for a lock must not keep the next call from being heard.
        threading.Thread(target=answer, args=(driver, json.loads(text)), daemon=True).start()


main()
