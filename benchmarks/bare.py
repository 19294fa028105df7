"""The measure of the API's cost: the least a FastAPI endpoint can be, on the same server."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def read_nothing() -> dict[str, str]:
    """Answer with a constant."""
    return {"status": "ok"}
