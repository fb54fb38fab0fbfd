"""What does the API's description say of refusals, versions and calls sent twice?

Routes name what they answer when all is well; what holds for every route is added here, once.
"""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

REFUSAL = {
    "title": "Refusal",
    "type": "object",
    "description": "Why the call was refused; nothing was written.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "integer"},
                "message": {"type": "string"},
                "fields": {
                    "type": "object",
                    "description": "Sentences per field.",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}},
                },
                "clashes": {
                    "type": "object",
                    "description": "Per field what was read, what is stored and what was wanted.",
                    "additionalProperties": {
                        "type": "object",
                        "properties": {"read": {}, "stored": {}, "wanted": {}},
                    },
                },
            },
        }
    },
}
EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "400": ("A rule of the business refuses", {"message": "Say what happens next, and when."}),
    "401": ("No valid token", {"message": "Send a valid token as Authorization: Bearer …"}),
    "403": ("The person of the token may not do this", {"message": "This token may only read."}),
    "404": ("Absent, or hidden from this person", {"message": "This company does not exist."}),
    "409": (
        "The Idempotency-Key was used for another call",
        {
            "message": "This Idempotency-Key was used for another call. Take a new key for each call."
        },
    ),
    "412": (
        "Somebody else changed the same field",
        {
            "message": "Somebody else changed this record while you were editing it.",
            "clashes": {"city": {"read": "Ede", "stored": "Delft", "wanted": "Gouda"}},
        },
    ),
    "422": (
        "Values that are not right",
        {"message": "Some values are not right.", "fields": {"name": ["This field is required."]}},
    ),
    "428": (
        "If-Match is missing",
        {"message": 'Send the version you read as If-Match, e.g. If-Match: "3".'},
    ),
    "429": ("Too many calls in this minute", {"message": "Too many requests."}),
}
NEEDS_VERSION = "If-Match carries the version"
ONCE_KEY = "Idempotency-Key"


class DescribedAPI(NinjaAPI):
    """An API whose description tells each refusal a call may get, with its body."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description, with refusals and the two headers that a program must know."""
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Refusal"] = REFUSAL
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                _describe(operation, method=method, has_id="{" in path)
        return schema


def _describe(operation: dict[str, Any], *, method: str, has_id: bool) -> None:
    words = operation.get("description", "")
    codes = {"401", "403", "429"} | ({"404"} if has_id else set())
    if method != "get":
        codes.add("400")
    if "requestBody" in operation or operation.get("parameters"):
        codes.add("422")
    if NEEDS_VERSION in words:
        codes |= {"412", "428"}
        _add_header(operation, "If-Match", required=True, example='"3"')
    if "201" in {str(code) for code in operation["responses"]}:
        codes.add("409")
        _add_header(operation, ONCE_KEY, required=False, example="order-2026-0114")
    for code in sorted(codes):
        title, error = EXAMPLES[code]
        operation["responses"][code] = {
            "description": title,
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/Refusal"},
                    "example": {"error": {"code": int(code), **error}},
                }
            },
        }


def _add_header(operation: dict[str, Any], name: str, *, required: bool, example: str) -> None:
    known = [each for each in operation.get("parameters", []) if each["name"] != name]
    header = {
        "in": "header",
        "name": name,
        "required": required,
        "schema": {"type": "string"},
        "example": example,
    }
    operation["parameters"] = [*known, header]
