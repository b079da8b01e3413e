"""A second evaluator of the whole policy language, for tests: slow, plain, and on its own.

It shares nothing with the program. It has no index, no wake-up calls and nothing that it
remembers to save work: at every instant at which something might change, and at some more,
it looks at all rules for all members. `simulation.simulate` takes the files of a policy set
and the lines of a trace, and gives the decisions that `voxguard simulate` prints.

Beside it stand the makers of random cases (`cases`), what runs a case through both
(`compare`, the only module that knows the program), and what makes a failing case small
(`shrink`). `python -m tests.properties.oracle --seeds 0:10000` does that for long.

Where the contract is silent
----------------------------

Instants and visits
- Who goes to another channel and back within one instant goes on with the same visit, so `for`
  runs on and a placement still bars. Who leaves and comes back begins a new visit, and leases
  without a hold are released in between, with no channel.
- A snapshot that finds somebody in another channel is a move: a new visit, but episodes go on.
  One that finds them back where they were at the beginning of its instant changes nothing;
  random cases leave that out.
- Between a GUILD_DELETE and the next GUILD_CREATE the guild's other events are ignored. Holds
  run out all the same.
- A rule that would begin a second episode at one instant rests until it has stopped holding.
- A category that was deleted is nobody's parent. Of a channel that was deleted the last parent
  and kind count for `time_used`.
- A removed member is forgotten: roles, mutes, since when they were in the guild, and what was
  reported of them, so that the next report counts. That an account is a bot is not forgotten.
  Who leaves voice and is removed in the same instant is not released.
- A member object without `joined_at`, or with null, leaves what was known.

Who speaks, and who sees whom
- Slots and `allow` of the enforcing rules count for the observing rules after them, not for
  those before them. A placement of an enforcing rule, wherever it stands, keeps observed mutes
  from beginning, since it really takes place.
- A placement bars new mutes, deafens, suppresses and liftings of the same round, those of rules
  before it too. A lease that agrees with an effect that is on already is nothing new and may
  begin.
- A simulation takes every decision as carried out, so a placement into a channel that does not
  exist bars like any other. A role that the guild never had is granted and revoked like any
  other; of one that was deleted the grant is decided and its lease ends silently.
- Only the rule that decides a slot lifts, times out or places. A later rule that wants the same
  stays due.
- A lease of a rule that has lost the slot ends as when the rule stops, holds run out. But a
  lifting that waits for a placement ends nothing: what is on goes on.

Leases
- An observing rule that agrees with an enforced mute has no lease; it is somebody else's hand.
  When that ends while the rule holds, it makes its observed mute then. An observed lease that
  was there before goes on.
- An enforced lifting ends enforced leases. Observed leases of later rules on that slot end as
  their rules have lost it.
- A lease whose hold ends at the very instant at which its rule begins again goes on.
- A renewed lease keeps at least what its former hold had left, where steps have different ones.
- Releases of one rule are ordered by the severity of what is released: deafen, mute, suppress,
  roles.

Momentary effects
- `warn` and `announce` happen whenever their rule speaks, whatever became of its slots.
- A target channel counts as the place where the member is by its id alone.
"""
