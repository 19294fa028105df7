"""Webhooks as a portal handles them."""

import json
import time

from cryptography.fernet import Fernet

from app.core.clock import now
from app.core.outbound import Outbound
from app.db import jobs as queue
from app.features.portals.jobs import jobs
from app.jobs.job import Turn

WEBHOOKS = "/v1/webhooks"
SECRET_KEY = Fernet.generate_key().decode()
LOCAL = {"allow_http": True, "allowed_networks": ("127.0.0.0/8",)}
"""Settings of an installation that sends to this machine."""


class Hooks:
    """Webhooks over HTTP, by whoever is named."""

    def __init__(self, client, people):
        self.client = client
        self.people = people

    def headers(self, by, if_match=None):
        return dict(self.people[by].headers) | ({"If-Match": if_match} if if_match else {})

    def post(self, url, by="portal", **body):
        return self.client.post(WEBHOOKS, json={"url": url, **body}, headers=self.headers(by))

    def made(self, url, by="portal", **body):
        answer = self.post(url, by, **body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def get(self, hook, by="portal"):
        return self.client.get(f"{WEBHOOKS}/{hook['id']}", headers=self.headers(by))

    def patch(self, hook, by="portal", if_match="*", **changes):
        return self.client.patch(f"{WEBHOOKS}/{hook['id']}", json=changes, headers=self.headers(by, if_match))

    def delete(self, hook, by="portal", if_match="*"):
        return self.client.delete(f"{WEBHOOKS}/{hook['id']}", headers=self.headers(by, if_match))

    def act(self, hook, action, by="portal"):
        return self.client.post(f"{WEBHOOKS}/{hook['id']}/{action}", headers=self.headers(by))

    def deliveries(self, hook, by="portal", **query):
        answer = self.client.get(f"{WEBHOOKS}/{hook['id']}/deliveries", params=query, headers=self.headers(by))
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    def replay(self, hook, delivery, by="portal"):
        return self.act(hook, f"deliveries/{delivery['id']}/replay", by)

    def settled(self, hook, by="portal", seconds=90):
        """Wait until nothing is pending, and give all deliveries."""
        end = time.monotonic() + seconds
        while (found := self.deliveries(hook, by, limit=200)) and any(one["state"] == "pending" for one in found):
            assert time.monotonic() < end, found
            time.sleep(0.05)
        return found


class Post:
    """A worker's part in this process: brings webhooks up to date when a test says so."""

    def __init__(self, client, database, delays=()):
        state = client.app.state
        (self.job, self.ending) = jobs(seal=state.seal, outbound=Outbound(state.destinations, seconds=5), delays=delays)
        self.database = database

    def run(self, job=None, *, turns=20):
        """Everything that is due, turn after turn until nothing is; gives when each is due again."""
        job = job or self.job
        again = {}
        for _ in range(turns):
            keys = self._due(job)
            if not keys:
                break
            for key in keys:
                again[key] = job.run(Turn(key, self.database, lambda _session: None, lambda: False))
                if again[key] is not None:
                    with self.database.write_session() as session:
                        queue.enqueue(session, job.name, key, due_at=again[key])
        return again

    def _due(self, job):
        with self.database.read_session() as session:
            wanted = list(job.wanted(session))
        with self.database.write_session() as session:
            for key in wanted:
                queue.enqueue(session, job.name, key)
            due = session.query(queue.QueuedJob).filter(
                queue.QueuedJob.name == job.name, queue.QueuedJob.due_at <= now()
            )
            keys = [one.key for one in due]
            due.delete()
        return keys


def told(requests):
    """What was said, in the order it came, without times."""
    return [(request.said["type"], request.said["data"].get("id")) for request in requests]


def environment(**settings):
    """Settings of a worker process that goes with this folder's `client`."""
    return {
        "DUIJIE_SECRET_KEY": SECRET_KEY,
        "DUIJIE_WEBHOOKS__ALLOW_HTTP": "true",
        "DUIJIE_WEBHOOKS__ALLOWED_NETWORKS": json.dumps(["127.0.0.0/8"]),
        "DUIJIE_JOBS__POLL_SECONDS": "0.1",
        **settings,
    }
