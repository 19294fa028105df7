"""What a worker would do just now, done in this thread."""

from collections.abc import Sequence
from datetime import timedelta

from app.db import jobs as queue
from app.db.engine import Database
from app.jobs.job import Job
from app.jobs.worker import Pace, Worker


def do_due(database: Database, jobs: Sequence[Job]) -> None:
    """Do, one after another, all that is due of some jobs; what fails is given back as a worker gives it back."""
    worker = Worker(database, jobs, Pace(threads=1, poll=1, lease=60))
    while True:
        with database.write_session() as session:
            held = queue.claim(session, worker.jobs, worker=worker.name, lease=timedelta(minutes=1))
        if held is None:
            return
        worker._do(held)
