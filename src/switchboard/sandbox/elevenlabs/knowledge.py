"""`/v1/convai/knowledge-base`. Source: ElevenLabs "Knowledge base" (fact sheet 2.5).

Files are kept as text; of web addresses the sandbox knows no more than the address.
"""

import time
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from switchboard.sandbox.elevenlabs.agent_views import access_info
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, missing, refused
from switchboard.sandbox.elevenlabs.records import Agent, Document
from switchboard.sandbox.elevenlabs.requests import json_object, page, text
from switchboard.sandbox.elevenlabs.state import Account, State

_LONGEST = 2_000_000


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1/convai/knowledge-base", route_class=ElevenLabsRoute)

    @routes.post("/text")
    async def create_from_text(request: Request) -> dict[str, Any]:
        account = state.account(request)
        body = await json_object(request)
        return _kept(state, account, body, "text", text(body, "text"), text(body, "name", "Text"))

    @routes.post("/url")
    async def create_from_url(request: Request) -> dict[str, Any]:
        account = state.account(request)
        body = await json_object(request)
        url = text(body, "url")
        if urlsplit(url).scheme not in ("http", "https"):
            raise refused(400, "invalid_parameters", "The url must be an http(s) address.", param="url")
        return _kept(state, account, body | {"url": url}, "url", f"See {url} for more.", text(body, "name", url))

    @routes.post("/folder")
    async def create_folder(request: Request) -> dict[str, Any]:
        account = state.account(request)
        body = await json_object(request)
        return _kept(state, account, body, "folder", "", text(body, "name"))

    @routes.post("/file")
    async def create_from_file(request: Request) -> dict[str, Any]:
        account = state.account(request)
        async with request.form(max_files=1) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise missing("body", "file")
            content = (await file.read(_LONGEST)).decode("utf-8", "replace")
            name = str(form.get("name") or PurePosixPath(file.filename or "file").stem)
        return _kept(state, account, {}, "file", content, name)

    _add_reading(routes, state)
    return routes


def _add_reading(routes: APIRouter, state: State) -> None:
    @routes.get("")
    async def list_documents(request: Request) -> dict[str, Any]:
        account = state.account(request)
        search, kinds = (
            (request.query_params.get("search") or "").casefold(),
            request.query_params.getlist("types"),
        )
        found = [
            one
            for one in account.documents.values()
            if search in one.name.casefold() and (not kinds or one.kind in kinds)
        ]
        shown, cursor = page(request, found)
        documents = [_item(account, one) for one in shown]
        return {"documents": documents, "next_cursor": cursor, "has_more": cursor is not None}

    @routes.get("/{document_id}")
    async def get_document(document_id: str, request: Request) -> dict[str, Any]:
        document = state.account(request).document(document_id)
        return {**_json(document), "extracted_inner_html": document.content}

    @routes.get("/{document_id}/content")
    async def get_content(document_id: str, request: Request) -> Response:
        document = state.account(request).document(document_id)
        return Response(document.content, media_type="text/plain")

    @routes.get("/{document_id}/dependent-agents")
    async def dependent_agents(document_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        found = _dependents(account, account.document(document_id))
        shown, cursor = page(request, [_dependent(agent) for agent in found])
        return {"agents": shown, "branches": [], "next_cursor": cursor, "has_more": cursor is not None}

    @routes.patch("/{document_id}")
    async def update_document(document_id: str, request: Request) -> dict[str, Any]:
        document = state.account(request).document(document_id)
        document.name, document.updated_at = text(await json_object(request), "name"), int(time.time())
        return _json(document)

    @routes.delete("/{document_id}")
    async def delete_document(document_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        document = account.document(document_id)
        if _dependents(account, document) and request.query_params.get("force") != "true":
            message = "The document is used by agents. Delete it with force=true or take it from them first."
            raise refused(409, "conflict", message)
        del account.documents[document_id]
        return {}


def _kept(
    state: State, account: Account, body: dict[str, Any], kind: str, content: str, name: str
) -> dict[str, Any]:
    folder = body.get("parent_folder_id")
    if folder is not None and account.document(str(folder)).kind != "folder":
        raise refused(400, "invalid_parameters", "This is no folder.", param="parent_folder_id")
    now = int(time.time())
    document = Document(state.new_id("doc"), name, kind, content[:_LONGEST], now, now, body.get("url"), folder)
    account.documents[document.document_id] = document
    return {"id": document.document_id, "name": document.name, "folder_path": []}


def _dependents(account: Account, document: Document) -> list[Agent]:
    def named(agent: Agent) -> list[Any]:
        entries = agent.config["agent"]["prompt"].get("knowledge_base") or []
        return [one.get("id") for one in entries if isinstance(one, dict)]

    return [agent for agent in account.agents.values() if document.document_id in named(agent)]


def _dependent(agent: Agent) -> dict[str, Any]:
    return {
        "type": "available",
        "id": agent.agent_id,
        "name": agent.name,
        "created_at_unix_secs": agent.created_at,
        "access_level": "admin",
    }


def _json(document: Document) -> dict[str, Any]:
    shown = {
        "id": document.document_id,
        "type": document.kind,
        "name": document.name,
        "metadata": {
            "created_at_unix_secs": document.created_at,
            "last_updated_at_unix_secs": document.updated_at,
            "size_bytes": len(document.content.encode()),
        },
        "supported_usages": ["prompt", "auto"],
        "access_info": access_info(),
        "folder_parent_id": document.folder_id,
        "folder_path": [],
    }
    return {**shown, "url": document.url} if document.kind == "url" else shown


def _item(account: Account, document: Document) -> dict[str, Any]:
    dependents = [_dependent(agent) for agent in _dependents(account, document)]
    return {**_json(document), "dependent_agents": dependents}
