/*
 * The limit: the same commits as Fencepost's, by one thread in C with prepared statements.
 *
 *   baseline schema|bare|minimal FILE full|normal KEYS WARM_UP_MILLISECONDS MILLISECONDS STATISTICS
 *
 * schema   on a store that Fencepost has made and filled, with its triggers in force; in as few statements as they permit
 * bare     the same tables without triggers, so that the program itself keeps 'keys' in step
 * minimal  makes tables of its own: the values as they are, and a history that a trigger appends to; one statement
 *
 * STATISTICS is the file that counts the flushes of the disk, as in /sys/class/block, or - if there is none.
 *
 * Prints one line: the commits that were acknowledged in all, those in the time that counts, that time in seconds, the
 * costs of all commits, and the version of SQLite.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define VALUE_LENGTH 200
#define VALUE_BASE 1000000000000LL /* the number of a value is this plus its version, as in Values.java */
#define WRITER "worker"

/*
 * The statements of a commit, in their order; a way that needs none of a kind has NULL there. Numbered parameters have the
 * same meaning everywhere:
 *   ?1 key   ?2 the version that was seen   ?3 value   ?4 the new row   ?5 process   ?6 its number of the commit   ?7 now
 * 'fenced' decides: it is for one row, or it fails because the row would have no key. Scalar subqueries, since an INSERT
 * from a SELECT goes through a temporary table where there are triggers.
 */
struct way {
  const char *name;
  const char *begin;
  const char *fenced; /* writes if the key is at the version that was seen, and nobody holds it */
  const char *follow; /* what triggers do where there are any */
  const char *commit;
  const char *seen;   /* all keys with their versions */
};

#define APPEND \
  "INSERT INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count, key_id," \
  " version, previous_id, value) VALUES ((SELECT max(id) + 1 FROM log), 0, 0, ?5, ?6, '" WRITER "', ?7, 0," \
  " (SELECT id FROM keys WHERE key = ?1 AND version = ?2 AND claim_id IS NULL), ?2 + 1," \
  " (SELECT latest_version_id FROM keys WHERE key = ?1), ?3)"
#define KEEP_STEP \
  "UPDATE keys SET version = ?2 + 1, has_value = 1, sequence = ?4, latest_version_id = ?4 WHERE key = ?1"
#define REPLACE \
  "UPDATE keys SET value = ?3, version = version + 1 WHERE key = ?1 AND version = ?2 AND epoch = 0"
#define SEEN "SELECT key, version FROM keys"

static const struct way ways[] = {
    {"schema", "BEGIN IMMEDIATE", APPEND, NULL, "COMMIT", SEEN},
    {"bare", "BEGIN IMMEDIATE", APPEND, KEEP_STEP, "COMMIT", SEEN},
    {"minimal", NULL, REPLACE, NULL, NULL, SEEN},
};

static const char *const minimal_tables =
    "BEGIN;"
    "CREATE TABLE keys (key TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL, epoch INTEGER NOT NULL);"
    "CREATE TABLE history (key TEXT NOT NULL, version INTEGER NOT NULL, epoch INTEGER NOT NULL, value TEXT NOT NULL);"
    "CREATE TRIGGER keys_history AFTER UPDATE OF value ON keys BEGIN"
    " INSERT INTO history VALUES (NEW.key, NEW.version, NEW.epoch, NEW.value); END;";

static const char *const minimal_key = "INSERT INTO keys (key, value, version, epoch) VALUES (?1, ?3, 1, 0)";
static const char *const minimal_first = "INSERT INTO history SELECT key, version, epoch, value FROM keys";

struct key {
  char name[32];
  sqlite3_int64 version;
};

static sqlite3 *db;

static void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, db == NULL ? "out of memory" : sqlite3_errmsg(db));
  exit(1);
}

static void execute(const char *sql) {
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
    fail(sql);
  }
}

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement = NULL;
  if (sql != NULL && sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
    fail(sql);
  }
  return statement;
}

static void run(sqlite3_stmt *statement) {
  if (statement == NULL) {
    return;
  }
  if (sqlite3_step(statement) != SQLITE_DONE || sqlite3_reset(statement) != SQLITE_OK) {
    fail(sqlite3_sql(statement));
  }
}

static void bind_number(sqlite3_stmt *statement, int parameter, sqlite3_int64 number) {
  sqlite3_bind_int64(statement, parameter, number);
}

static void bind_text(sqlite3_stmt *statement, int parameter, const char *text, int length) {
  sqlite3_bind_text(statement, parameter, text, length, SQLITE_STATIC);
}

static sqlite3_int64 nanos(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* The costs until now, as Costs.java reads them; a negative one is unknown. */
struct costs {
  sqlite3_int64 processor, switches, written, flushes;
};

static struct costs costs_now(const char *statistics) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  struct costs costs = {nanos(CLOCK_PROCESS_CPUTIME_ID), usage.ru_nvcsw + usage.ru_nivcsw, -1, -1};
  FILE *disk = fopen(statistics, "r");
  if (disk == NULL) {
    return costs;
  }
  for (int i = 0; i < 16 && fscanf(disk, "%lld", &costs.flushes) == 1; i++) {
  }
  fclose(disk);
  FILE *io = fopen("/proc/self/io", "r");
  char line[128];
  while (io != NULL && fgets(line, sizeof line, io) != NULL) {
    sscanf(line, "write_bytes: %lld", &costs.written);
  }
  if (io != NULL) {
    fclose(io);
  }
  return costs;
}

static void print_cost(const char *name, sqlite3_int64 before, sqlite3_int64 after) {
  if (before >= 0 && after >= before) {
    printf("%s=%lld ", name, after - before);
  }
}

static void print_costs(struct costs before, struct costs after) {
  print_cost("processor", before.processor, after.processor);
  print_cost("switches", before.switches, after.switches);
  print_cost("written", before.written, after.written);
  print_cost("flushes", before.flushes, after.flushes);
}

static void open_file(const char *file, const char *synchronous) {
  if (sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
    fail(file);
  }
  /* As Fencepost sets them. */
  execute("PRAGMA journal_mode = WAL");
  execute(strcmp(synchronous, "full") == 0 ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  execute("PRAGMA wal_autocheckpoint = 4000");
  execute("PRAGMA cache_size = -16384");
}

static void put_number(char *value, sqlite3_int64 version) {
  char digits[16];
  int length = snprintf(digits, sizeof digits, "%lld", VALUE_BASE + version);
  memcpy(value, digits, (size_t)length);
}

/* Commits name the process that made them, so this one registers itself as every process does. */
static sqlite3_int64 register_process(void) {
  sqlite3_stmt *statement = prepare(
      "INSERT INTO processes (id, pid, start_time, boot_id, pid_namespace, opened_at, heartbeat_at)"
      " SELECT max(id) + 1, ?1, '', '', '', ?2, ?2 FROM processes");
  bind_number(statement, 1, getpid());
  bind_number(statement, 2, nanos(CLOCK_REALTIME) / 1000000);
  run(statement);
  sqlite3_finalize(statement);
  return sqlite3_last_insert_rowid(db);
}

static void drop_triggers(void) {
  sqlite3_stmt *triggers = prepare("SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_schema"
                                   " WHERE type = 'trigger'");
  if (sqlite3_step(triggers) != SQLITE_ROW) {
    fail("triggers");
  }
  char *drops = sqlite3_mprintf("%s", sqlite3_column_text(triggers, 0));
  sqlite3_finalize(triggers);
  execute(drops);
  sqlite3_free(drops);
}

static void make_minimal(int count, char *value) {
  execute(minimal_tables);
  sqlite3_stmt *insert = prepare(minimal_key);
  put_number(value, 1);
  for (int i = 0; i < count; i++) {
    char name[32];
    bind_text(insert, 1, name, snprintf(name, sizeof name, "counters/%d", i));
    bind_text(insert, 3, value, VALUE_LENGTH);
    run(insert);
  }
  sqlite3_finalize(insert);
  execute(minimal_first);
  execute("COMMIT");
}

static struct key *read_keys(const struct way *way, int count) {
  struct key *keys = calloc((size_t)count, sizeof *keys);
  sqlite3_stmt *seen = prepare(way->seen);
  int found = 0;
  while (keys != NULL && sqlite3_step(seen) == SQLITE_ROW && found < count) {
    snprintf(keys[found].name, sizeof keys[found].name, "%s", (const char *)sqlite3_column_text(seen, 0));
    keys[found++].version = sqlite3_column_int64(seen, 1);
  }
  sqlite3_finalize(seen);
  if (found != count) {
    fprintf(stderr, "there are %d keys instead of %d\n", found, count);
    exit(1);
  }
  return keys;
}

static unsigned next_random(void) {
  static unsigned state = 2463534242u;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

/* The statements of a way, prepared. */
struct commit {
  sqlite3_stmt *begin, *fenced, *follow, *commit;
};

/* Makes one commit and returns when it is acknowledged. Nobody else writes, so it cannot be refused. */
static void commit_next(const struct commit *c, struct key *key, char *value, sqlite3_int64 process,
                        sqlite3_int64 ordinal) {
  put_number(value, key->version + 1);
  run(c->begin);
  bind_text(c->fenced, 1, key->name, -1);
  bind_number(c->fenced, 2, key->version);
  bind_text(c->fenced, 3, value, VALUE_LENGTH);
  bind_number(c->fenced, 5, process);
  bind_number(c->fenced, 6, ordinal);
  bind_number(c->fenced, 7, nanos(CLOCK_REALTIME) / 1000000);
  run(c->fenced);
  if (sqlite3_changes(db) != 1) {
    fprintf(stderr, "%s is not at version %lld\n", key->name, key->version);
    exit(1);
  }
  if (c->follow != NULL) {
    bind_text(c->follow, 1, key->name, -1);
    bind_number(c->follow, 2, key->version);
    bind_number(c->follow, 4, sqlite3_last_insert_rowid(db));
    run(c->follow);
  }
  run(c->commit);
  key->version++;
}

static void measure(const struct way *way, int count, char *value, sqlite3_int64 process, sqlite3_int64 warm_up,
                    sqlite3_int64 length, const char *statistics) {
  struct key *keys = read_keys(way, count);
  struct commit c = {prepare(way->begin), prepare(way->fenced), prepare(way->follow),
                     prepare(way->commit)};
  struct costs before = costs_now(statistics);
  sqlite3_int64 from = nanos(CLOCK_MONOTONIC) + warm_up, until = from + length;
  sqlite3_int64 acknowledged = 0, counted = 0;
  for (sqlite3_int64 now = 0; now < until;) {
    commit_next(&c, &keys[next_random() % (unsigned)count], value, process, acknowledged + 1);
    acknowledged++;
    now = nanos(CLOCK_MONOTONIC);
    counted += now >= from && now < until;
  }
  struct costs after = costs_now(statistics);
  printf("acknowledged=%lld counted=%lld seconds=%.9f ", acknowledged, counted, (double)length / 1e9);
  print_costs(before, after);
  printf("sqlite=%s\n", sqlite3_libversion());
  sqlite3_finalize(c.begin);
  sqlite3_finalize(c.fenced);
  sqlite3_finalize(c.follow);
  sqlite3_finalize(c.commit);
  free(keys);
}

int main(int argc, char **argv) {
  const struct way *way = NULL;
  for (size_t i = 0; argc == 8 && i < sizeof ways / sizeof *ways; i++) {
    way = strcmp(argv[1], ways[i].name) == 0 ? &ways[i] : way;
  }
  if (way == NULL) {
    fprintf(stderr, "usage: baseline schema|bare|minimal FILE full|normal KEYS WARM_UP_MILLISECONDS MILLISECONDS"
                    " STATISTICS\n");
    return 2;
  }
  int count = atoi(argv[4]);
  char value[VALUE_LENGTH];
  memset(value, 'x', sizeof value);
  sqlite3_int64 process = 0;
  open_file(argv[2], argv[3]);
  if (strcmp(way->name, "minimal") == 0) {
    make_minimal(count, value);
  } else {
    process = register_process();
  }
  if (strcmp(way->name, "bare") == 0) {
    drop_triggers();
  }
  measure(way, count, value, process, atoll(argv[5]) * 1000000, atoll(argv[6]) * 1000000, argv[7]);
  return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
