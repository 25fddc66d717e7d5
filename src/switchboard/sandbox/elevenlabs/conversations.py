"""`/v1/convai/conversations`. Source: ElevenLabs "Conversations" (fact sheet 3)."""

from typing import Any

from fastapi import APIRouter, Request, Response

from switchboard.sandbox.elevenlabs import taped, views
from switchboard.sandbox.elevenlabs.conversation import Conversation, Feedback
from switchboard.sandbox.elevenlabs.errors import ElevenLabsRoute, refused, unprocessable
from switchboard.sandbox.elevenlabs.requests import choice, flag, integer, json_object, page
from switchboard.sandbox.elevenlabs.state import State

_FAR_FUTURE = 2**40


def router(state: State) -> APIRouter:
    routes = APIRouter(prefix="/v1/convai", route_class=ElevenLabsRoute)

    @routes.get("/conversations")
    async def list_conversations(request: Request) -> dict[str, Any]:
        account = state.account(request)
        with_summary = choice(request, "summary_mode", ("exclude", "include"), "exclude") == "include"
        direction = choice(request, "sort_direction", ("asc", "desc"), "desc")
        found = [one for one in account.conversations.values() if _fits(one, request)]
        shown, cursor = page(request, found if direction == "asc" else found[::-1])
        return {
            "conversations": [views.item(one, with_summary=with_summary) for one in shown],
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


def _take_feedback(feedback: Feedback, body: dict[str, Any]) -> None:
    """`feedback` like or dislike as the API has it; `rating` and `comment` as the vendor's own clients send."""
    if body.get("feedback") not in ("like", "dislike", None):
        raise unprocessable(("body", "feedback"), "Input should be 'like' or 'dislike'", "enum", body["feedback"])
    feedback.overall = body.get("feedback", feedback.overall)
    feedback.rating = body.get("rating", feedback.rating)
    feedback.comment = body.get("comment", feedback.comment)


def _fits(conversation: Conversation, request: Request) -> bool:
    query = request.query_params
    started = int(conversation.watch.started_at.timestamp())
    analysis = conversation.analysis
    successful = analysis.successful if analysis else "unknown"
    return (
        query.get("agent_id") in (None, conversation.agent_id)
        and query.get("user_id") in (None, conversation.user_id)
        and choice(request, "call_successful", ("success", "failure", "unknown")) in (None, successful)
        and conversation.status.value not in query.getlist("exclude_statuses")
        and integer(request, "call_start_after_unix", 0)
        <= started
        <= integer(request, "call_start_before_unix", _FAR_FUTURE)
        and integer(request, "call_duration_min_secs", 0) <= conversation.seconds
        and conversation.seconds <= integer(request, "call_duration_max_secs", _FAR_FUTURE)
        and (query.get("search") or "").casefold() in (analysis.summary if analysis else "").casefold()
        and query.get("branch_id") in (None, conversation.branch_id)
        and query.get("version_id") in (None, conversation.version_id)
        and query.get("conversation_initiation_source") in (None, conversation.origin.source)
        and flag(request, "text_only") in (None, conversation.text_only)
        and set(query.getlist("tool_names")) <= {use.name for use in conversation.tools_used}
        and _is_rated(conversation.feedback, request)
    )


def _is_rated(feedback: Feedback, request: Request) -> bool:
    least, most = integer(request, "rating_min", 0), integer(request, "rating_max", _FAR_FUTURE)
    asked = {"rating_min", "rating_max"} & set(request.query_params)
    return not asked or (feedback.rating is not None and least <= feedback.rating <= most)
