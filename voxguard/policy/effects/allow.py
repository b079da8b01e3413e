"""`allow: true`: the member is let be; no later rule acts on them while this one holds.

It may stand beside other effects, which then happen. It wants nothing of the member itself and
stops what other rules want, so that a rule carries it as a flag.

```yaml
version: 1
rules:
  djs-may-do-as-they-like:
    priority: 10
    who: {roles: dj}
    where: music
    then: {allow: true}
```
"""

from voxguard.policy.effects.base import Want
from voxguard.policy.effects.kind import EffectKind
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import OnlyTrue


def _compile(_value: bool, _scope: Scope, _place: Place) -> tuple[Want, ...]:  # noqa: FBT001 - always True
    return ()


KIND = EffectKind("allow", OnlyTrue, _compile)
