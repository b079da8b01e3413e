"""How the values of the language are spelt, as regular expressions of the whole text.

They stand in the JSON Schema as they are, so they keep to what Python and ECMA-262 share.
"""

from typing import Final

ID: Final = r"[0-9]{1,19}"
NAME: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DURATION: Final = "".join(rf"(?:([0-9]{{1,10}}){unit})?" for unit in "dhms")
