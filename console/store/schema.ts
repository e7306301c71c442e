/**
 * The tables of received telemetry. Ids are integers in order of arrival; tables whose rows are pruned never reuse one. Times
 * are microseconds since 1970. Spans are clustered by trace, so that reading or deleting a trace touches few pages.
 */
export const schema = `
  CREATE TABLE IF NOT EXISTS resources (
    id INTEGER PRIMARY KEY, service TEXT NOT NULL, attributes TEXT NOT NULL UNIQUE,
    -- The time of the service's newest telemetry.
    last_seen_us INTEGER NOT NULL
  );

  CREATE TABLE IF NOT EXISTS traces (
    id INTEGER PRIMARY KEY AUTOINCREMENT, trace_id TEXT NOT NULL UNIQUE,
    start_us INTEGER NOT NULL, duration_us INTEGER NOT NULL,
    root_service TEXT NOT NULL, root_name TEXT NOT NULL,
    -- Whether the root span was received.
    is_complete INTEGER NOT NULL,
    spans INTEGER NOT NULL, queries INTEGER NOT NULL, errors INTEGER NOT NULL,
    -- Its services, and the routes of its server spans: each as "service\\t\\n" and "service\\troute\\n".
    entries TEXT NOT NULL,
    -- The max number of calls of one statement.
    repeats INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS traces_by_start ON traces (start_us);

  CREATE TABLE IF NOT EXISTS spans (
    trace INTEGER NOT NULL, span_id TEXT NOT NULL, parent_id TEXT NOT NULL, resource INTEGER NOT NULL,
    name TEXT NOT NULL, kind INTEGER NOT NULL, start_us INTEGER NOT NULL, duration_us INTEGER NOT NULL,
    status INTEGER NOT NULL, attributes TEXT NOT NULL,
    -- JSON of rarer fields: statusMessage, events, links, scope.
    rest TEXT NOT NULL,
    PRIMARY KEY (trace, span_id)
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS logs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, time_us INTEGER NOT NULL, resource INTEGER NOT NULL, severity INTEGER NOT NULL,
    event_name TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL, trace_id TEXT NOT NULL, span_id TEXT NOT NULL,
    -- The nanoseconds beyond time_us; and JSON of what only LogQL needs: severityText, observedNs, flags, scope.
    nanos INTEGER NOT NULL, rest TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS logs_by_time ON logs (time_us);
  CREATE INDEX IF NOT EXISTS logs_by_trace ON logs (trace_id) WHERE trace_id <> '';
  CREATE INDEX IF NOT EXISTS logs_by_severity ON logs (id, severity) WHERE severity >= 13;

  -- Events that pages draw on time axes, retained longer than other log records.
  CREATE TABLE IF NOT EXISTS annotations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, time_us INTEGER NOT NULL, service TEXT NOT NULL, event_name TEXT NOT NULL,
    body TEXT NOT NULL, attributes TEXT NOT NULL
  );

  CREATE TABLE IF NOT EXISTS series (
    id INTEGER PRIMARY KEY AUTOINCREMENT, resource INTEGER NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL, unit TEXT NOT NULL,
    kind TEXT NOT NULL, temporality TEXT NOT NULL, labels TEXT NOT NULL, bounds TEXT NOT NULL, last_us INTEGER NOT NULL,
    UNIQUE (name, resource, labels)
  );
  CREATE TABLE IF NOT EXISTS points (
    series INTEGER NOT NULL, time_us INTEGER NOT NULL, start_us INTEGER NOT NULL, value REAL NOT NULL,
    count REAL NOT NULL, counts TEXT NOT NULL,
    PRIMARY KEY (series, time_us)
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS subjects (
    id INTEGER PRIMARY KEY, what TEXT NOT NULL, service TEXT NOT NULL, name TEXT NOT NULL, detail TEXT NOT NULL,
    UNIQUE (what, service, name, detail)
  );
  CREATE TABLE IF NOT EXISTS rollups (
    subject INTEGER NOT NULL, slot INTEGER NOT NULL, count INTEGER NOT NULL, errors INTEGER NOT NULL,
    sum_us INTEGER NOT NULL, bytes INTEGER NOT NULL, histogram TEXT NOT NULL,
    PRIMARY KEY (slot, subject)
  ) WITHOUT ROWID;

  -- The trace with the max number of calls of a statement.
  CREATE TABLE IF NOT EXISTS repeats (subject INTEGER PRIMARY KEY, count INTEGER NOT NULL, trace_id TEXT NOT NULL);

  CREATE TABLE IF NOT EXISTS error_groups (
    id INTEGER PRIMARY KEY, service TEXT NOT NULL, type TEXT NOT NULL, frame TEXT NOT NULL, message TEXT NOT NULL,
    stack TEXT NOT NULL, first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, count INTEGER NOT NULL,
    trace_id TEXT NOT NULL, span_id TEXT NOT NULL,
    UNIQUE (service, type, frame)
  );

  -- Rows that were rejected or pruned.
  CREATE TABLE IF NOT EXISTS dropped (what TEXT NOT NULL, why TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (what, why));
`
