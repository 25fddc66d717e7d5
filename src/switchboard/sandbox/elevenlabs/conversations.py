"""`/v1/convai/conversations`. Source: ElevenLabs "Conversations" (fact sheet 3)."""

from typing import Any

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.elevenlabs import conversation_filter, taped, views
from switchboard.sandbox.elevenlabs.conversation import Feedback
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, one_of, refused
from switchboard.sandbox.elevenlabs.requests import choice, json_object, optional, page
from switchboard.sandbox.elevenlabs.state import State


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1/convai", route_class=ElevenLabsRoute)

    @routes.get("/conversations")
    async def list_conversations(request: Request) -> dict[str, Any]:
        account = state.account(request)
        with_summary = choice(request, "summary_mode", ("exclude", "include"), "exclude") == "include"
        direction = choice(request, "sort_direction", ("asc", "desc"), "desc")
        fits, details = conversation_filter.wanted(request), _details(request)
        found = [one for one in account.conversations.values() if fits(one)]
        shown, cursor = page(
            request, found if direction == "asc" else found[::-1], lambda one: one.conversation_id
        )
        return {
            "conversations": [
                views.item(one, with_summary=with_summary) | views.findings(one, *details) for one in shown
            ],
            "next_cursor": cursor,
            "has_more": cursor is not None,
        }

    @routes.get("/conversations/{conversation_id}")
    async def get_conversation(conversation_id: str, request: Request) -> dict[str, Any]:
        return views.full(state.account(request).conversation(conversation_id))

    @routes.delete("/conversations/{conversation_id}")
    async def delete_conversation(conversation_id: str, request: Request) -> dict[str, Any]:
        account = state.account(request)
        del account.conversations[account.conversation(conversation_id).conversation_id]
        return {}

    @routes.get("/conversations/{conversation_id}/audio")
    async def get_audio(conversation_id: str, request: Request) -> Response:
        conversation = state.account(request).conversation(conversation_id)
        if not conversation.has_audio:
            raise refused(404, "document_not_found", "No audio is available for this conversation.")
        return Response(await taped.sound(conversation, state.world.studio), media_type="audio/mpeg")

    @routes.post("/conversations/{conversation_id}/feedback")
    async def give_feedback(conversation_id: str, request: Request) -> dict[str, Any]:
        conversation = state.account(request).conversation(conversation_id)
        _take_feedback(conversation.feedback, await json_object(request))
        return {}

    @routes.get("/analytics/live-count")
    async def live_count(request: Request) -> dict[str, Any]:
        agent_id = request.query_params.get("agent_id")
        conversations = state.account(request).conversations.values()
        return {"count": sum(one.live and agent_id in (None, one.agent_id) for one in conversations)}

    return routes


def _details(request: Request) -> tuple[list[str], list[str]]:
    """Ids of the data points and of the criteria whose values the list shall tell."""
    query = request.query_params
    return query.getlist("data_collection_ids"), query.getlist("evaluation_criteria_ids")


def _take_feedback(feedback: Feedback, body: dict[str, Any]) -> None:
    """`feedback` like or dislike as the API has it; `rating` and `comment` as the vendor's own clients send."""
    if body.get("feedback") is not None:
        one_of(("body", "feedback"), body["feedback"], ("like", "dislike"))
    for name, kind in (("rating", int), ("comment", str)):
        optional(body, name, kind)
    feedback.overall = body.get("feedback", feedback.overall)
    feedback.rating = body.get("rating", feedback.rating)
    feedback.comment = body.get("comment", feedback.comment)
