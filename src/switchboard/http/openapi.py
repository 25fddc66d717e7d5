"""The OpenAPI document: our problems instead of FastAPI's, and every way to say who asks."""

from typing import Any

from fastapi import FastAPI

from switchboard.http.problems import FieldProblem, Problem, problem_responses

_METHODS = {"get", "put", "post", "patch", "delete"}
_SESSION = {
    "type": "apiKey",
    "in": "cookie",
    "name": "switchboard_session",
    "description": (
        "Set by POST /api/v1/session. Requests that change something also need the session's `csrf_token` in the "
        "header `X-CSRF-Token`, and come from a page of the same origin."
    ),
}


def install_openapi(app: FastAPI) -> None:
    """Amend the document that `app` generates; done once, at the first request for it."""
    generate = app.openapi

    def amended() -> dict[str, Any]:
        if app.openapi_schema is None:
            _amend(generate())
        return generate()

    app.openapi = amended  # type: ignore[method-assign]  # FastAPI's documented way


def _amend(document: dict[str, Any]) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for model in (Problem, FieldProblem):
        schemas[model.__name__] = model.model_json_schema(ref_template="#/components/schemas/{model}") | {}
        schemas[model.__name__].pop("$defs", None)
    schemes = components.get("securitySchemes", {})
    if "ApiKey" in schemes:
        schemes["Bearer"] = {"type": "http", "scheme": "bearer", "description": "The same key as a bearer token."}
        schemes["Session"] = _SESSION
    for path in document.get("paths", {}).values():
        for method, operation in path.items():
            if method in _METHODS:
                _amend_operation(operation)


def _amend_operation(operation: dict[str, Any]) -> None:
    if "422" in operation["responses"]:
        operation["responses"]["422"] = problem_responses()[422]
    if any("ApiKey" in requirement for requirement in operation.get("security", [])):
        operation["security"] = [{"ApiKey": []}, {"Bearer": []}, {"Session": []}]
