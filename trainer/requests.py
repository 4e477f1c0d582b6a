"""What the trainer's views may ask of a request. Who answers is not the trainer's business."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    # The type checker resolves this name to the model of AUTH_USER_MODEL.
    from django.contrib.auth.models import _User


class LearnerRequest(HttpRequest):
    """The request as a view sees it. For annotations only; a middleware provides the substance."""

    learner: "_User | None"
    htmx: HtmxDetails

    def ensure_learner(self) -> "_User":
        """Return the learner, made now as a guest if there is none. Only legal in a POST."""
        raise NotImplementedError
