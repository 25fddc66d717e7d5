"""`/v1/convai/knowledge-base`. Source: ElevenLabs "Knowledge base" (fact sheet 2.5).

Files are kept as text; of web addresses the sandbox knows no more than the address.
"""

import time
from collections import defaultdict
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from switchboard.sandbox.elevenlabs import dependents
from switchboard.sandbox.elevenlabs.agent_views import access_info
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, missing, refused
from switchboard.sandbox.elevenlabs.limits import room_for
from switchboard.sandbox.elevenlabs.records import Document
from switchboard.sandbox.elevenlabs.requests import json_object, page, text
from switchboard.sandbox.elevenlabs.state import Account, State

_LONGEST = 2_000_000
_MOST_TEXT = 50_000_000


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
            body = {"parent_folder_id": form.get("parent_folder_id"), "filename": file.filename}
        return _kept(state, account, body, "file", content, name)

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
        shown, cursor = page(request, found, lambda one: one.document_id)
        documents = [_item(account, one) for one in shown]
        return {"documents": documents, "next_cursor": cursor, "has_more": cursor is not None}

    @routes.get("/{document_id}")
    async def get_document(document_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        document = account.document(document_id)
        return {**_json(account, document), "extracted_inner_html": document.content}

    @routes.get("/{document_id}/content")
    async def get_content(document_id: str, request: Request) -> Response:
        document = state.account(request).document(document_id)
        return Response(document.content, media_type="text/plain")

    @routes.get("/{document_id}/dependent-agents")
    async def dependent_agents(document_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        document = account.document(document_id)
        return dependents.paged(request, dependents.of_document(account, document.document_id))

    @routes.patch("/{document_id}")
    async def update_document(document_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        document = account.document(document_id)
        document.name, document.updated_at = text(await json_object(request), "name"), int(time.time())
        return _json(account, document)

    @routes.delete("/{document_id}")
    async def delete_document(document_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        removed = _subtree(account, account.document(document_id))
        users = [agent for one in removed for agent in dependents.of_document(account, one.document_id)]
        dependents.check_removal(request, users, "document")
        for one in removed:
            del account.documents[one.document_id]
        return {}


def _kept(
    state: State, account: Account, body: dict[str, Any], kind: str, content: str, name: str
) -> dict[str, Any]:
    folder = body.get("parent_folder_id")
    if folder is not None and account.document(str(folder)).kind != "folder":
        raise refused(400, "invalid_parameters", "This is no folder.", param="parent_folder_id")
    room_for(account.documents, "documents")
    if sum(len(one.content) for one in account.documents.values()) + len(content) > _MOST_TEXT:
        raise refused(
            403, "subscription_required", f"The sandbox keeps at most {_MOST_TEXT} characters of documents."
        )
    now = int(time.time())
    document = Document(state.new_id("doc"), name, kind, content[:_LONGEST], now, now, folder)
    document.url, document.filename = body.get("url"), body.get("filename") or name
    account.documents[document.document_id] = document
    return {"id": document.document_id, "name": document.name, "folder_path": _folder_path(account, document)}


def _folder_path(account: Account, document: Document) -> list[dict[str, Any]]:
    """The folders around it, the outermost first."""
    path, folder = [], account.documents.get(document.folder_id or "")
    while folder is not None:
        path.append({"id": folder.document_id, "name": folder.name})
        folder = account.documents.get(folder.folder_id or "")
    return path[::-1]


def _subtree(account: Account, document: Document) -> list[Document]:
    """It and all that is inside of it."""
    inside: defaultdict[str | None, list[Document]] = defaultdict(list)
    for one in account.documents.values():
        inside[one.folder_id].append(one)
    found = [document]
    for one in found:
        found.extend(inside[one.document_id])
    return found


def _json(account: Account, document: Document) -> dict[str, Any]:
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
        "folder_path": _folder_path(account, document),
    }
    return shown | _of_its_kind(account, document)


def _of_its_kind(account: Account, document: Document) -> dict[str, Any]:
    """What only addresses, only files or only folders tell."""
    if document.kind == "url":
        return {"url": document.url}
    if document.kind == "file":
        return {"filename": document.filename}
    if document.kind == "text":
        return {}
    inside = _subtree(account, document)[1:]
    return {
        "children_count": sum(one.folder_id == document.document_id for one in inside),
        "document_count": sum(one.kind != "folder" for one in inside),
    }


def _item(account: Account, document: Document) -> dict[str, Any]:
    users = dependents.of_document(account, document.document_id)
    return {**_json(account, document), "dependent_agents": [dependents.as_json(agent) for agent in users]}
