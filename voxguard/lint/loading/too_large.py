"""VG003 too-large (error): over one of the [limits](language.md#limits).

Why: the limits are far above what people write, so that a file beyond them is most often the
wrong one, or one that a program has gone wrong with. Under this id it is also said how many
more problems a file has than are shown.
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.TOO_LARGE, Level.ERROR, __doc__)
