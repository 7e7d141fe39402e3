"""How a broker that is away shows."""

from kombu.exceptions import KombuError, OperationalError
from redis.exceptions import RedisError

# kombu's own errors, and those of Redis that it lets through.
BROKER_ERRORS = (KombuError, OperationalError, RedisError, OSError)
