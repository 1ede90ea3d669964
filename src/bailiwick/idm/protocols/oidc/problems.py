"""The two ways in which a request at the door of sign-in goes wrong.

Until the redirect address is known to be the client's own, nothing is sent there: the person reads a page (AX12).
"""

from django.utils.functional import Promise


class UnsafeRequestError(Exception):
    """Answered by a page in words. `sentence` repeats nothing of the request."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class RefusedRequestError(Exception):
    """Answered at the client's redirect address, by the protocol's word and a plain ASCII sentence."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
