"""The base of every value of a case, and text in several languages."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
#: The tag (ISO 639-2) of a text that was given without saying its language.
UNSAID: Final = "und"

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class Value(BaseModel):
    """Base of every value of a case: frozen, and a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)


class Worded(NamedTuple):
    """A text and the language it is in, which may be another than the one asked for."""

    text: str
    language: str


class Text:
    """A text in one or more languages: ``{"en": "Baku", "de": "Baku"}``, or a bare string that fits all.

    Immutable and hashable; empty texts are no texts, so ``bool(Text())`` is false.
    """

    __slots__ = ("_variants",)

    def __init__(self, variants: str | dict[str, str] | None = None) -> None:
        if isinstance(variants, str):
            variants = {UNSAID: variants}
        self._variants: tuple[tuple[str, str], ...] = tuple((variants or {}).items())

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is given in, in the order of the file."""
        return tuple(language for language, _ in self._variants if language != UNSAID)

    def worded(self, language: str) -> Worded:
        """The text in ``language``; else in English, else the one that fits all, else the first, with its language."""
        variants = dict(self._variants)
        for choice in (language, language.split("-", maxsplit=1)[0], "en", UNSAID):
            if choice in variants:
                return Worded(variants[choice], language if choice == UNSAID else choice)
        return Worded(self._variants[0][1], self._variants[0][0]) if self._variants else Worded("", language)

    def said(self, language: str) -> str:
        """The text of ``worded`` without its language."""
        return self.worded(language).text

    def written(self) -> str | dict[str, str]:
        """The text as a case file has it: a bare string or a table by language."""
        variants = dict(self._variants)
        return variants[UNSAID] if list(variants) == [UNSAID] else variants

    def __bool__(self) -> bool:
        return any(text for _, text in self._variants)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and dict(other._variants) == dict(self._variants)

    def __hash__(self) -> int:
        return hash(frozenset(self._variants))

    def __repr__(self) -> str:
        return f"Text({self.written()!r})"

    @classmethod
    def _validate(cls, value: Any) -> Text:  # noqa: ANN401  whatever a case file holds there
        if isinstance(value, Text):
            return value
        if isinstance(value, str):
            return cls(value)
        if not isinstance(value, dict) or not value:
            raise PydanticCustomError(
                "text",
                'found {found}; write a text, or one for each language: title.en = "…"',
                {"found": repr(value)[:60]},
            )
        for language, text in value.items():
            if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
                raise PydanticCustomError(
                    "text_language",
                    "{found} is no language tag; write en, de, ru, az …",
                    {"found": repr(language)[:60]},
                )
            if not isinstance(text, str):
                raise PydanticCustomError(
                    "text_type",
                    "the text for {language} is {found}; write it in quotes",
                    {"language": language, "found": repr(text)[:60]},
                )
        return cls(dict(value))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:  # noqa: ANN401  pydantic's
        return core_schema.no_info_plain_validator_function(
            cls._validate, serialization=core_schema.plain_serializer_function_ser_schema(cls.written)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {
            "description": "a text, or one for each language",
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "minProperties": 1,
                    "propertyNames": {"pattern": f"^{_LANGUAGE.pattern}$"},
                    "additionalProperties": {"type": "string"},
                },
            ],
        }
