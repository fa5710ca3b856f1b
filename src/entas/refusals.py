"""The one ancestor of every refusal, so that a door knows what is an answer and what is a fault."""


class EntasRefusal(Exception):
    """Something was asked that cannot be done, and the asker can do something about it.

    The message is Indonesian, one sentence or two: what is wrong, with which value (personal
    data masked), and what to do next. It is shown as it stands, so it holds no names, NIK or KK.
    """
