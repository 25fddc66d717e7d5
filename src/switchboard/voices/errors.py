"""What can be wrong with voices."""

from switchboard.core.errors import NotFound, TooManyRequests


class UnknownVoice(NotFound):
    """Unknown voice."""

    slug = "unknown-voice"

    def __init__(self, platform: str, voice_id: str) -> None:
        where = f"GET /api/v1/voices?platform={platform}"
        super().__init__(f"{platform} has no voice {voice_id[:64]}. List them with {where}.")


class UnknownPreview(NotFound):
    """The preview is not kept any more."""

    slug = "unknown-preview"


class PreviewQuotaSpent(TooManyRequests):
    """The day's characters for previews are spent."""

    slug = "preview-quota-spent"
