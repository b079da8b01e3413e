-- A partitioned table's key contains its partition column, so the instant stands beside the id.
CREATE TABLE voice_sessions (
    id uuid NOT NULL,
    guild_id bigint NOT NULL,
    user_id bigint NOT NULL,
    channel_id bigint NOT NULL,
    joined_at timestamptz NOT NULL,
    left_at timestamptz,
    end_reason text CHECK (end_reason IN ('left', 'moved', 'voxguard', 'lost')),
    policy_revision text NOT NULL,
    PRIMARY KEY (id, joined_at),
    CHECK ((left_at IS NULL) = (end_reason IS NULL))
) PARTITION BY RANGE (joined_at);

CREATE INDEX voice_sessions_member ON voice_sessions (guild_id, user_id, joined_at DESC);
CREATE INDEX voice_sessions_open ON voice_sessions (guild_id, user_id) WHERE left_at IS NULL;
CREATE INDEX voice_sessions_time ON voice_sessions (joined_at DESC);

-- Nothing is ever refused for want of a partition.
CREATE TABLE voice_sessions_default PARTITION OF voice_sessions DEFAULT;

CREATE TABLE action_logs (
    id uuid NOT NULL,
    episode uuid NOT NULL,
    guild_id bigint NOT NULL,
    user_id bigint NOT NULL,
    channel_id bigint,
    rule text NOT NULL,
    effect text NOT NULL,
    details jsonb NOT NULL,
    mode text NOT NULL CHECK (mode IN ('enforce', 'observe')),
    outcome text CHECK (outcome IN (
        'pending', 'deferred',
        'applied', 'observed', 'yielded', 'fused', 'superseded', 'failed', 'unknown'
    )),
    error text,
    policy_revision text NOT NULL,
    decided_at timestamptz NOT NULL,
    executed_at timestamptz,
    PRIMARY KEY (id, decided_at)
) PARTITION BY RANGE (decided_at);

CREATE INDEX action_logs_member ON action_logs (guild_id, user_id, decided_at DESC);
CREATE INDEX action_logs_rule ON action_logs (guild_id, rule, decided_at DESC);
CREATE INDEX action_logs_episode ON action_logs (episode);
CREATE INDEX action_logs_time ON action_logs (decided_at DESC);

CREATE TABLE action_logs_default PARTITION OF action_logs DEFAULT;
