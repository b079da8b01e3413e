"""A PostgreSQL server of our own, for those who do not want to run one."""
