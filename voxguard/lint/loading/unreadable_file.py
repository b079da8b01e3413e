"""VG002 unreadable-file (error): a file that cannot be read, or a link that leads outside.

Why: what stands in a file that cannot be read is not known, and a set without it may say the
opposite. Links to files inside the set are followed. A link that leads outside is not, since
the set has to be one thing that can be copied and compared; neither is a link to a directory.
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.UNREADABLE, Level.ERROR, __doc__)
