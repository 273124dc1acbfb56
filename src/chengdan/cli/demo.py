"""The demo company: loading it, and the log-ins that it comes with."""

from chengdan.run import loading
from chengdan.run.passwords import hash_password
from chengdan.run.runtime import Runtime
from chengdan.sales.demo import LOGINS, generate
from chengdan.sales.demo.documents import documents
from chengdan.store import sessions

PASSWORD = "chengdan-demo"
SEED = 1


def load_demo(runtime: Runtime, scale: float = 1.0, seed: int = SEED) -> dict[str, int]:
    """Load the demo company into an empty installation, with its log-ins. Raises NotEmpty."""
    files = [(one.name, one.mime, one.sha256, one.content) for one in documents().values()]
    counts = loading.load(runtime, generate(seed, scale, runtime.clock()), files)
    hashed = hash_password(PASSWORD)
    with runtime.pool.connection() as connection:
        for username in LOGINS:
            found = sessions.password_of(connection, username)
            if found is not None:
                sessions.set_password(connection, found[0], hashed, runtime.clock())
    return counts


def is_demo(runtime: Runtime) -> bool:
    """Whether the people of this installation are those of the demo company."""
    with runtime.pool.connection() as connection:
        found = connection.execute(
            'SELECT 1 FROM data."user" u JOIN chengdan.event e ON e.record_id = u.id '
            "WHERE u.username = %s AND e.kind = 'record.created' AND e.cause = %s",
            (LOGINS[0], loading.CAUSE),
        ).fetchone()
    return found is not None
