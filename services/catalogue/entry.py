"""What every entry of a catalogue file is: a closed set of words, in both languages where it is read."""

from pydantic import BaseModel, ConfigDict, Field


class Entry(BaseModel):
    """An entry; a word it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Entry):
    """Words in both languages."""

    da: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def of(self, language: str) -> str:
        """The words in a language: da, else en."""
        return self.da if language == "da" else self.en
