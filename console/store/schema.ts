/**
 * Where received signals lie. Ids are short whole numbers in order of arrival, never given twice where rows go; times are
 * microseconds since 1970. Spans lie together by trace: reading a trace, and dropping the oldest, is reading one stretch.
 */
export const schema = `
  CREATE TABLE IF NOT EXISTS resources (
    id INTEGER PRIMARY KEY, service TEXT NOT NULL, attributes TEXT NOT NULL UNIQUE,
    -- When its program last said anything.
    heard_us INTEGER NOT NULL
  );

  CREATE TABLE IF NOT EXISTS traces (
    id INTEGER PRIMARY KEY AUTOINCREMENT, trace_id TEXT NOT NULL UNIQUE,
    start_us INTEGER NOT NULL, duration_us INTEGER NOT NULL,
    root_service TEXT NOT NULL, root_name TEXT NOT NULL,
    -- Whether a span without a parent has come.
    is_complete INTEGER NOT NULL,
    spans INTEGER NOT NULL, queries INTEGER NOT NULL, errors INTEGER NOT NULL,
    -- Its services, and the routes of theirs that answered: each as "service\\t\\n" and "service\\troute\\n".
    entries TEXT NOT NULL,
    -- The most calls of one statement.
    repeats INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS traces_by_start ON traces (start_us);

  CREATE TABLE IF NOT EXISTS spans (
    trace INTEGER NOT NULL, span_id TEXT NOT NULL, parent_id TEXT NOT NULL, resource INTEGER NOT NULL,
    name TEXT NOT NULL, kind INTEGER NOT NULL, start_us INTEGER NOT NULL, duration_us INTEGER NOT NULL,
    status INTEGER NOT NULL, attributes TEXT NOT NULL,
    -- What few spans have: statusMessage, events, links; and the scope.
    rest TEXT NOT NULL,
    PRIMARY KEY (trace, span_id)
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS logs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, time_us INTEGER NOT NULL, resource INTEGER NOT NULL, severity INTEGER NOT NULL,
    event_name TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL, trace_id TEXT NOT NULL, span_id TEXT NOT NULL,
    -- The nanoseconds beyond time_us; and what only LogQL needs: severityText, observedNs, flags, scope.
    nanos INTEGER NOT NULL, rest TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS logs_by_time ON logs (time_us);
  CREATE INDEX IF NOT EXISTS logs_by_trace ON logs (trace_id) WHERE trace_id <> '';

  CREATE INDEX IF NOT EXISTS logs_that_warn ON logs (id, severity) WHERE severity >= 13;

  -- Events that are told beside curves: few, and kept longer than lines.
  CREATE TABLE IF NOT EXISTS marks (
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
  CREATE TABLE IF NOT EXISTS measures (
    subject INTEGER NOT NULL, slot INTEGER NOT NULL, count INTEGER NOT NULL, errors INTEGER NOT NULL,
    sum_us INTEGER NOT NULL, bytes INTEGER NOT NULL, histogram TEXT NOT NULL,
    PRIMARY KEY (slot, subject)
  ) WITHOUT ROWID;

  -- The trace in which a statement was called most often.
  CREATE TABLE IF NOT EXISTS repeats (subject INTEGER PRIMARY KEY, most INTEGER NOT NULL, trace_id TEXT NOT NULL);

  CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY, service TEXT NOT NULL, type TEXT NOT NULL, frame TEXT NOT NULL, message TEXT NOT NULL,
    stack TEXT NOT NULL, first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, count INTEGER NOT NULL,
    trace_id TEXT NOT NULL, span_id TEXT NOT NULL,
    UNIQUE (service, type, frame)
  );

  CREATE TABLE IF NOT EXISTS dropped (what TEXT NOT NULL, why TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (what, why));
`
