"""The document describes problems as this application gives them."""

import pytest

from app.db.engine import Database
from app.main import create_app
from app.settings import Settings


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    """The whole application, over a database it never opens."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('openapi') / 'none.db'}")
    yield create_app(Settings(_env_file=None), database)
    database.close()


@pytest.fixture(scope="module")
def document(application):
    """Its document."""
    return application.openapi()


def test_the_document_is_made_once(application, document):
    assert application.openapi() is document


def _operations(document):
    return [(path, method, operation) for path, item in document["paths"].items() for method, operation in item.items()]


def test_operations_are_named_after_their_functions(document):
    names = [operation["operationId"] for _, _, operation in _operations(document)]
    assert len(names) == len(set(names))
    assert {"create_need", "list_capabilities", "submit_need", "close_capability", "list_need_history"} <= set(names)
    assert all(name.replace("_", "").isalnum() for name in names)


def test_every_error_is_a_problem(document):
    schemas = document["components"]["schemas"]
    assert not {"HTTPValidationError", "ValidationError"} & schemas.keys()
    assert {"Problem", "FieldProblem"} <= schemas.keys()
    for path, method, operation in _operations(document):
        for status, response in operation["responses"].items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], (path, method, status)


def test_each_operation_names_what_it_may_answer(document):
    for path, method, operation in _operations(document):
        responses = operation["responses"]
        assert "503" in responses, path
        if "requestBody" in operation:
            assert {"400", "413", "415", "422"} <= responses.keys(), (path, method)
        if "security" in operation:
            assert "401" in responses, (path, method)


def test_every_reference_leads_somewhere(document):
    def references(node):
        if isinstance(node, dict):
            if "$ref" in node:
                yield node["$ref"]
            for below in node.values():
                yield from references(below)
        elif isinstance(node, list):
            for below in node:
                yield from references(below)

    schemas = document["components"]["schemas"]
    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas


def test_a_lists_parameters_are_described(document):
    described = {one["name"]: one for one in document["paths"]["/v1/needs"]["get"]["parameters"]}
    assert {"limit", "cursor", "sort", "status", "industry", "q", "organization_id"} <= described.keys()
    assert described["limit"]["schema"]["maximum"] == 200
