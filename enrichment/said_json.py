"""Reading JSON that a language model wrote: out of fences, thoughts and words around it."""

from __future__ import annotations

import json
import re

_THOUGHTS = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL | re.IGNORECASE)


def said_object(text: str) -> dict[str, object]:
    """The JSON object in an answer. Raises ValueError if there is none."""
    text = _THOUGHTS.sub("", text)
    fenced = _FENCED.search(text)
    if fenced and "{" in fenced[1]:
        text = fenced[1]
    begin, end = text.find("{"), text.rfind("}")
    if begin < 0 or end < begin:
        raise ValueError("there is no JSON object in it")
    try:
        found = json.loads(text[begin : end + 1])
    except (ValueError, RecursionError) as error:
        raise ValueError("it is no valid JSON") from error
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")
    return found
