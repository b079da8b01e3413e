"""VG009 not-supported-yet (error): a key of the language that this version does not carry out.

Why: a rule that asks for more than is done would seem to work. Such keys are refused, with
their place, until they do what they say.
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.NOT_SUPPORTED, Level.ERROR, __doc__)
