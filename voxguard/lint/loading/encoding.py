"""VG004 encoding (error): not UTF-8, or with control characters.

Why: what an editor shows is not what stands there. In another encoding names come out wrong,
and characters that nobody sees can hide a line from whoever reviews it.
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.ENCODING, Level.ERROR, __doc__)
