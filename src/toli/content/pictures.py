"""Pictures of the campaign: drawn anew without the camera's hidden facts."""

from django.utils.translation import gettext_lazy as _

from toli.kit.errors import BadInput
from toli.kit.picture import CleanPicture, NoPicture, TooManyPixels, drawn_anew

LONGEST_SIDE = 1280
MOST_BYTES = 8 * 1024 * 1024
_QUALITY = 82


def clean(data: bytes, *, longest_side: int = LONGEST_SIDE) -> CleanPicture:
    """A picture as JPEG of at most that many pixels a side, upright, nothing but pixels. Raises BadInput."""
    if len(data) > MOST_BYTES:
        raise BadInput(fields={"file": _("The picture is too large. At most 8 MB.")})
    try:
        return drawn_anew(data, longest_side=longest_side, quality=_QUALITY, progressive=True)
    except TooManyPixels:
        raise BadInput(fields={"file": _("The picture has too many pixels. Please use a smaller one.")}) from None
    except NoPicture:
        raise BadInput(fields={"file": _("This is not a picture we can read. Use JPEG, PNG or WebP.")}) from None


def redrawn(data: bytes) -> bytes:
    """The picture's new bytes. Raises BadInput."""
    return clean(data).body
