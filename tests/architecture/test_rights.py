"""Roles are asked about in one place of each feature, and every operation says what a key must be for."""

import ast
from pathlib import PurePosixPath

from app.features.accounts.policy import SCOPES
from app.features.accounts.types import Role, Scope
from tests.architecture.sources import sources
from tests.contract.document import operations

# What a role is, and what it may do at all.
_MAY_NAME_ROLES = {"policy.py", "types.py"}
# A key reads and rotates itself whatever it is for.
_OF_THE_KEY = {"get_current_api_key", "rotate_current_api_key"}
# Scopes narrow what is done with records; what people do with their own account is theirs however narrow their rights,
# and whoever signs in has none yet: a key beside it only says through which portal.
_OF_ONESELF = {
    "accept_invitation",
    "change_password",
    "complete_password_reset",
    "confirm_totp",
    "create_oidc_sign_in",
    "create_sign_in",
    "end_sign_in",
    "end_sign_ins",
    "enrol_totp",
    "get_me",
    "issue_oidc_nonce",
    "link_identity",
    "list_sign_ins",
    "refresh_sign_in",
    "remove_totp",
    "unlink_identity",
}


def _asks_for_a_role(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute):
        return False
    is_a_role = isinstance(node.value, ast.Name) and node.value.id == "Role" and node.attr in Role.__members__
    return is_a_role or node.attr == "is_operator"


def test_only_policies_ask_for_a_role():
    found = [
        f"{source.place}:{node.lineno}"
        for source in sources("app/features", "app/web")
        if PurePosixPath(source.place).name not in _MAY_NAME_ROLES
        for node in ast.walk(ast.parse(source.text))
        if _asks_for_a_role(node)
    ]
    assert not found, "ask the feature's policy"


def test_an_operation_that_reads_a_key_says_what_it_must_be_for():
    known = {scope.value for scope in Scope}
    without = set()
    for operation in operations():
        for way in operation.body.get("security", ()):
            scopes = way.get("ApiKey", [])
            assert set(scopes) <= known
            if "ApiKey" in way and not scopes:
                without.add(operation.name)
            assert "Person" not in way or "ApiKey" in way, "a person's key is shown beside a portal's"
    assert without == _OF_THE_KEY | _OF_ONESELF


def test_every_scope_is_some_roles_and_the_administrators():
    assert set().union(*SCOPES.values()) == SCOPES[Role.ADMINISTRATOR] == set(Scope)
    assert SCOPES[Role.MEMBER] <= SCOPES[Role.MANAGER] <= SCOPES[Role.OPERATOR] <= SCOPES[Role.ADMINISTRATOR]
    assert SCOPES[Role.PORTAL] <= SCOPES[Role.OPERATOR], "who issues a portal's key has what it is given"
