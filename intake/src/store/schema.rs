//! The tables of the store, by version, and the way from one version to the next.

use rusqlite::Connection;

use super::database::{stopped, tolerant};
use crate::StoreError;

/// Says in the file's header whose it is: `TRIE`.
pub(crate) const APPLICATION_ID: i32 = 0x5452_4945;

/// The statements that lead to each version from the one before; the first from an empty file.
///
/// Never changed once released; what is to be different gets a version of its own.
pub(crate) const VERSIONS: [&[&str]; 2] = [FIRST, EDITS];

const FIRST: &[&str] = &[
    "CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    "INSERT INTO meta VALUES ('opening', 0)",
    "CREATE TABLE device (
        id INTEGER PRIMARY KEY,
        tenant TEXT NOT NULL,
        name TEXT NOT NULL,
        UNIQUE (tenant, name)
    ) STRICT",
    "CREATE TABLE machine (
        id INTEGER PRIMARY KEY,
        tenant TEXT NOT NULL,
        site TEXT NOT NULL,
        name TEXT NOT NULL,
        UNIQUE (tenant, site, name)
    ) STRICT",
    // One row for each message that could be read, but none for a duplicate. `key` is boot and
    // sequence number, 16 bytes. `state`, `reason` and `trust` are what changes in it: the first two
    // by what is in `event` or by a conflict, the last by what is in `proof`.
    "CREATE TABLE frame (
        id INTEGER PRIMARY KEY,
        device INTEGER NOT NULL REFERENCES device,
        key BLOB NOT NULL,
        digest BLOB NOT NULL,
        machine INTEGER NOT NULL REFERENCES machine,
        state INTEGER NOT NULL,
        reason TEXT NOT NULL,
        trust TEXT NOT NULL,
        received_us INTEGER NOT NULL,
        first_us INTEGER,
        last_us INTEGER,
        tick_us INTEGER,
        readings INTEGER NOT NULL,
        bytes BLOB NOT NULL
    ) STRICT",
    // One effect for each key, whatever the program does.
    "CREATE UNIQUE INDEX frame_stands ON frame (device, key) WHERE state = 0",
    "CREATE UNIQUE INDEX frame_held ON frame (device, key, digest, reason) WHERE state <> 0",
    "CREATE INDEX frame_by_time ON frame (machine, last_us, first_us)",
    "CREATE TRIGGER frame_kept BEFORE DELETE ON frame
        BEGIN SELECT raise(ABORT, 'a frame is never deleted'); END",
    "CREATE TRIGGER frame_fixed
        BEFORE UPDATE OF id, device, key, digest, machine, received_us, first_us, last_us,
            tick_us, readings, bytes ON frame
        BEGIN SELECT raise(ABORT, 'a frame never changes'); END",
    // The copy that raised a frame's trust.
    "CREATE TABLE proof (
        id INTEGER PRIMARY KEY,
        frame INTEGER NOT NULL REFERENCES frame,
        received_us INTEGER NOT NULL,
        bytes BLOB NOT NULL
    ) STRICT",
    // How far the numbers of one start of a device are without a hole, counted from 0.
    "CREATE TABLE contiguous (
        device INTEGER NOT NULL REFERENCES device,
        boot INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (device, boot)
    ) STRICT, WITHOUT ROWID",
    // What could not be read: the beginning of it, for people to look at. The count is in `account`.
    "CREATE TABLE rejected (
        id INTEGER PRIMARY KEY,
        tenant TEXT NOT NULL,
        reason TEXT NOT NULL,
        text TEXT NOT NULL,
        received_us INTEGER NOT NULL,
        size INTEGER NOT NULL,
        bytes BLOB NOT NULL
    ) STRICT",
    "CREATE TABLE account (
        tenant TEXT NOT NULL,
        device TEXT NOT NULL,
        place TEXT NOT NULL,
        reason TEXT NOT NULL,
        messages INTEGER NOT NULL,
        readings INTEGER NOT NULL,
        PRIMARY KEY (tenant, device, place, reason)
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE session (
        machine INTEGER NOT NULL REFERENCES machine,
        session TEXT NOT NULL,
        revision INTEGER NOT NULL,
        start_us INTEGER NOT NULL,
        row TEXT NOT NULL,
        heard INTEGER NOT NULL,
        digest BLOB NOT NULL,
        PRIMARY KEY (machine, session, revision)
    ) STRICT",
    "CREATE TRIGGER session_kept BEFORE DELETE ON session
        BEGIN SELECT raise(ABORT, 'a sealed session is never deleted'); END",
    "CREATE TRIGGER session_fixed BEFORE UPDATE ON session
        BEGIN SELECT raise(ABORT, 'a sealed session never changes'); END",
    // What was found out about the devices' clocks: labels ahead by so many seconds from a message
    // on, or a clock too fast by so many parts in a million over a start.
    "CREATE TABLE fact (
        machine INTEGER NOT NULL REFERENCES machine,
        kind TEXT NOT NULL,
        device TEXT NOT NULL,
        boot INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        size REAL NOT NULL,
        PRIMARY KEY (machine, kind, device, boot, seq)
    ) STRICT, WITHOUT ROWID",
    // What people decided, in order.
    "CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        at_us INTEGER NOT NULL,
        author TEXT NOT NULL,
        kind TEXT NOT NULL,
        frame INTEGER NOT NULL REFERENCES frame
    ) STRICT",
    "CREATE TRIGGER event_kept BEFORE DELETE ON event
        BEGIN SELECT raise(ABORT, 'an event is never deleted'); END",
    "CREATE TRIGGER event_fixed BEFORE UPDATE ON event
        BEGIN SELECT raise(ABORT, 'an event never changes'); END",
];

/// What people say of sessions. Numbers of revisions are common to both, so that each is one thing.
const EDITS: &[&str] = &[
    "CREATE TABLE edit (
        machine INTEGER NOT NULL REFERENCES machine,
        session TEXT NOT NULL,
        revision INTEGER NOT NULL,
        row TEXT NOT NULL,
        digest BLOB NOT NULL,
        PRIMARY KEY (machine, session, revision)
    ) STRICT",
    "CREATE INDEX edit_by_session ON edit (session, revision)",
    "CREATE INDEX session_by_name ON session (session, revision)",
    "CREATE TRIGGER edit_kept BEFORE DELETE ON edit
        BEGIN SELECT raise(ABORT, 'an edit is never deleted'); END",
    "CREATE TRIGGER edit_fixed BEFORE UPDATE ON edit
        BEGIN SELECT raise(ABORT, 'an edit never changes'); END",
    "CREATE TRIGGER edit_number BEFORE INSERT ON edit
        WHEN EXISTS (SELECT 1 FROM session WHERE machine = new.machine AND session = new.session
            AND revision >= new.revision)
        BEGIN SELECT raise(ABORT, 'the number of this revision is taken'); END",
    "CREATE TRIGGER session_number BEFORE INSERT ON session
        WHEN EXISTS (SELECT 1 FROM edit WHERE machine = new.machine AND session = new.session
            AND revision >= new.revision)
        BEGIN SELECT raise(ABORT, 'the number of this revision is taken'); END",
];

/// The newest version known.
pub(crate) const NEWEST: u32 = VERSIONS.len() as u32;

/// Leads the file to the newest of `versions`, each step whole or not at all.
///
/// # Errors
/// [`StoreError::Newer`] when the file is beyond them; those of the disk.
pub(crate) fn migrate(connection: &mut Connection, versions: &[&[&str]]) -> Result<(), StoreError> {
    let known = u32::try_from(versions.len()).unwrap_or(u32::MAX);
    let mut at = version(connection)?;
    if at > known {
        return Err(StoreError::Newer { got: at, known });
    }
    for steps in versions.iter().skip(at as usize) {
        at += 1;
        let step = tolerant("a step to a newer schema");
        let transaction = connection.transaction().map_err(&step)?;
        for statement in *steps {
            transaction.execute_batch(statement).map_err(&step)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(&step)?;
        transaction.pragma_update(None, "user_version", at).map_err(&step)?;
        transaction.commit().map_err(&step)?;
    }
    Ok(())
}

/// The version that the file says it has; 0 for a new one.
pub(crate) fn version(connection: &Connection) -> Result<u32, StoreError> {
    connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(stopped("reading the schema's version"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(connection: &Connection) -> Vec<String> {
        let mut select =
            connection.prepare("SELECT name FROM sqlite_schema ORDER BY name").expect("prepared");
        let rows = select.query_map([], |row| row.get(0)).expect("readable");
        rows.map(|name| name.expect("a name")).collect()
    }

    #[test]
    fn each_step_is_taken_once_and_whole_or_not_at_all() {
        let mut connection = Connection::open_in_memory().expect("memory");
        let first: &[&str] = &["CREATE TABLE a (x)", "CREATE TABLE b (x)"];
        migrate(&mut connection, &[first]).expect("two tables");
        assert_eq!((version(&connection).expect("readable"), tables(&connection).len()), (1, 2));
        // The second step fails in its middle, as when the program dies there.
        let broken: &[&str] = &["CREATE TABLE c (x)", "CREATE TABLE a (x)"];
        assert!(migrate(&mut connection, &[first, broken]).is_err());
        assert_eq!((version(&connection).expect("readable"), tables(&connection).len()), (1, 2));
        let mended: &[&str] = &["CREATE TABLE c (x)", "CREATE TABLE d (x)"];
        migrate(&mut connection, &[first, mended]).expect("two more");
        assert_eq!(tables(&connection), ["a", "b", "c", "d"]);
        // Nothing is left to do, and an older program refuses.
        migrate(&mut connection, &[first, mended]).expect("nothing to do");
        let older = migrate(&mut connection, &[first]);
        assert!(matches!(older, Err(StoreError::Newer { got: 2, known: 1 })), "{older:?}");
    }

    /// The statements in the text of a module: literals of one line or several.
    fn statements(source: &str) -> Vec<&str> {
        let literals = source.split('"').skip(1).step_by(2);
        literals
            .filter(|text| ["SELECT", "UPDATE", "DELETE"].iter().any(|verb| text.starts_with(verb)))
            .collect()
    }

    #[test]
    fn taking_readings_in_never_reads_a_whole_table() {
        let mut connection = Connection::open_in_memory().expect("memory");
        migrate(&mut connection, &VERSIONS).expect("the schema");
        let all = [include_str!("take.rs"), include_str!("events.rs"), include_str!("edits.rs")];
        let statements: Vec<&str> = all.iter().flat_map(|source| statements(source)).collect();
        assert!(statements.len() > 15, "they are still found in the text");
        for statement in statements {
            // A look at everything may.
            if statement.contains("FROM edit ORDER BY") {
                continue;
            }
            let mut explain =
                connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).expect(statement);
            let nothing = std::iter::repeat_n(rusqlite::types::Null, explain.parameter_count());
            let steps = explain
                .query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(3))
                .expect("explained");
            for step in steps {
                let step = step.expect("a step");
                let whole = ["SCAN frame", "SCAN session", "SCAN edit", "SCAN device", "SCAN machine"];
                assert!(!whole.iter().any(|table| step.starts_with(table)), "{step}: {statement}");
            }
        }
    }
}
