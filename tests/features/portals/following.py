"""Following the feed as a portal does."""

CHANGES = "/v1/changes"


class Follower:
    """Keeps a copy of everything it is told."""

    def __init__(self, client, headers):
        self.client = client
        self.headers = headers
        self.cursor = None
        self.copy = {}

    def ask(self, **query):
        return self.client.get(CHANGES, params=query, headers=self.headers)

    def page(self, **query):
        answer = self.ask(**query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def told(self, **query):
        """Everything told since the last time, in the order it was told."""
        told = []
        while True:
            page = self.page(**query, **({"cursor": self.cursor} if self.cursor else {}))
            told += page["items"]
            self.cursor = page["next_cursor"]
            if not page["has_more"]:
                break
        for entry in told:
            if entry["type"] == "gone":
                self.copy.pop(entry["id"], None)
            else:
                self.copy[entry["id"]] = entry["data"]
        return told

    def of(self, kind):
        """The copies of one kind."""
        self.told(kind=kind)
        return self.copy
