"""YAML 1.2 in: plain Python values, and the position of each of them."""

from voxguard.policy.yaml.comments import Comment, comments
from voxguard.policy.yaml.reader import Document, read_yaml
from voxguard.policy.yaml.scalars import WrittenFloat, WrittenInt, as_written
from voxguard.policy.yaml.spans import Span, plain_spans

__all__ = [
    "Comment",
    "Document",
    "Span",
    "WrittenFloat",
    "WrittenInt",
    "as_written",
    "comments",
    "plain_spans",
    "read_yaml",
]
