"""What a signal is not, said wherever one is shown."""

from typing import Final

NOTICE: Final = (
    "Not a diagnosis, not a suicide-risk assessment, not crisis detection. What to do with an alert is for people."
)
