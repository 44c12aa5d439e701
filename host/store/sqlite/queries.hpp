#pragma once

#include "store/sqlite/connection.hpp"

/// Every statement of this store. Plans are pinned with INDEXED BY where a wrong one would read all
/// stored jobs: `ANALYZE` is never run by the host, but somebody else may run it.
namespace jobhost::store::sqlite {

// Connections and transactions.

inline constexpr Query kEveryConnection{R"(
PRAGMA wal_autocheckpoint = 0;
PRAGMA mmap_size = 0;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -16384;
PRAGMA trusted_schema = OFF;
)"};

// auto_vacuum only counts before the first table is made. EXTRA is FULL for the write-ahead log; it
// also makes sure that the rollback journal with which the file begins stays removed: coming back
// after a loss of power it would take the database back to where it began.
inline constexpr Query kWriterConnection{R"(
PRAGMA synchronous = EXTRA;
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
PRAGMA journal_size_limit = 67108864;
PRAGMA cache_size = -65536;
PRAGMA secure_delete = OFF;
)"};

inline constexpr Query kBegin{"BEGIN"};
inline constexpr Query kBeginImmediate{"BEGIN IMMEDIATE"};
inline constexpr Query kCommit{"COMMIT"};
inline constexpr Query kRollback{"ROLLBACK"};
inline constexpr Query kSavepoint{"SAVEPOINT op"};
inline constexpr Query kRelease{"RELEASE op"};
inline constexpr Query kRollbackTo{"ROLLBACK TO op"};

// The file.

inline constexpr Query kApplicationId{"PRAGMA application_id"};
inline constexpr Query kSchemaVersion{"PRAGMA user_version"};
inline constexpr Query kJournalMode{"PRAGMA journal_mode"};
inline constexpr Query kQuickCheck{"PRAGMA quick_check(1)"};
inline constexpr Query kTableCount{"SELECT count(*) FROM sqlite_schema"};
inline constexpr Query kIdentity{"SELECT identity FROM store"};

inline constexpr Query kNewBoot{"INSERT INTO boot (opened_at) VALUES (?) RETURNING epoch"};
inline constexpr Query kJoinBoot{"UPDATE boot SET node = ?2, name = ?3 WHERE epoch = ?1"};
inline constexpr Query kAllBoots{"SELECT epoch, node, name FROM boot WHERE node IS NOT NULL"};
inline constexpr Query kProbe{"UPDATE boot SET probed_at = ?2 WHERE epoch = ?1"};

inline constexpr Query kAllCounters{"SELECT name, value FROM counter"};
inline constexpr Query kAddToCounter{"UPDATE counter SET value = value + ?2 WHERE name = ?1"};
inline constexpr Query kSetCounter{"UPDATE counter SET value = ?2 WHERE name = ?1"};

// Lanes.

inline constexpr Query kAllLanes{"SELECT id, type, labels FROM lane"};
inline constexpr Query kLane{"SELECT type, labels FROM lane WHERE id = ?"};
inline constexpr Query kFindLane{"SELECT id FROM lane WHERE type = ? AND labels = ?"};
inline constexpr Query kAddLane{"INSERT INTO lane (type, labels) VALUES (?, ?) RETURNING id"};
inline constexpr Query kLanesOfType{"SELECT id FROM lane WHERE type = ?"};

// Arrival.

inline constexpr Query kAddJob{R"(
INSERT INTO job (key, id, lane, kind, source, priority, max_tries, created_at, begin_at, end_at,
                 timeout, retry, name, grp, description, creator, unique_key, args, enabled,
                 preset)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};
inline constexpr Query kKeyHolder{
    "SELECT id FROM job INDEXED BY job_unique_key WHERE tenant = 0 AND unique_key = ?"};
inline constexpr Query kTakeName{
    "INSERT INTO name_key (tenant, name, grp, job) VALUES (0, ?, ?, ?) ON CONFLICT DO NOTHING"};

// Places.

inline constexpr Query kAddReady{"INSERT INTO ready VALUES (?, ?, ?, ?, ?, ?, ?)"};
inline constexpr Query kDropReady{
    "DELETE FROM ready WHERE lane = ? AND rank = ? AND due = ? AND job = ?"};
inline constexpr Query kPark{R"(
INSERT INTO parked (job, why, until, lane, rank, tries, crashes, attempts, parked_at, abandoned,
                    reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};
inline constexpr Query kSetAsideParked{R"(
UPDATE parked SET why = ?2, until = NULL, parked_at = ?3, reason = ?4, abandoned = 0 WHERE job = ?1
)"};
inline constexpr Query kUnpark{"DELETE FROM parked WHERE job = ?"};
inline constexpr Query kFinish{"INSERT INTO finished (job, ended_at) VALUES (?, ?)"};

inline constexpr Query kUnfinish{"DELETE FROM finished WHERE job = ?"};

// Removing what has ended, oldest end first.

inline constexpr Query kFinishedCount{
    "SELECT sum(value) - (SELECT count(*) FROM plan WHERE status IN (0, 30)) FROM counter "
    "WHERE name IN ('completed', 'stopped')"};
inline constexpr Query kNoteEnded{"INSERT INTO ended (ended_at, jobs) VALUES (?, ?)"};
inline constexpr Query kFirstNote{R"(
SELECT id, ended_at, jobs FROM ended INDEXED BY ended_order
WHERE ended_at < ? ORDER BY ended_at, id LIMIT 1
)"};
inline constexpr Query kNextNote{R"(
SELECT id, ended_at, jobs FROM ended INDEXED BY ended_order
WHERE ended_at >= ?1 AND (ended_at, id) > (?1, ?2) AND ended_at < ?3 ORDER BY ended_at, id LIMIT 1
)"};
inline constexpr Query kKeepNote{"UPDATE ended SET jobs = ?2 WHERE id = ?1"};
inline constexpr Query kDropNote{"DELETE FROM ended WHERE id = ?"};
inline constexpr Query kNextStopped{R"(
SELECT job, parked_at FROM parked INDEXED BY parked_stopped
WHERE why = 4 AND parked_at >= ?1 AND (parked_at, job) > (?1, ?2) AND parked_at < ?3
ORDER BY parked_at, job LIMIT ?4
)"};
inline constexpr Query kCompletedPlans{R"(
SELECT job FROM plan INDEXED BY plan_status WHERE status = 0 AND changed_at < ?
AND NOT EXISTS (SELECT 1 FROM job INDEXED BY job_parent WHERE parent = plan.job)
AND NOT EXISTS (SELECT 1 FROM declaration WHERE job = plan.job AND place <> '') LIMIT ?
)"};
inline constexpr Query kParent{"SELECT parent FROM job WHERE key = ? AND parent IS NOT NULL"};
inline constexpr Query kAnyChild{
    "SELECT 1 FROM job INDEXED BY job_parent WHERE parent = ? LIMIT 1"};
inline constexpr Query kForgetName{R"(
DELETE FROM name_key WHERE (tenant, name, grp) = (SELECT tenant, name, grp FROM job WHERE key = ?1)
AND job = ?1
)"};
inline constexpr Query kForgetJob{"DELETE FROM job WHERE key = ?"};

inline constexpr Query kPageCount{"PRAGMA page_count"};
inline constexpr Query kUnusedPageCount{"PRAGMA freelist_count"};
inline constexpr Query kShrink{"PRAGMA incremental_vacuum(256)"};

// Does it fit together?

inline constexpr Query kPageEnd{R"(
SELECT max(key) FROM (SELECT key FROM job WHERE key > ? ORDER BY key LIMIT ?)
)"};
inline constexpr Query kMisplaced{R"(
SELECT key FROM job
LEFT JOIN ready INDEXED BY ready_job ON ready.job = key
LEFT JOIN parked ON parked.job = key
LEFT JOIN finished ON finished.job = key
LEFT JOIN plan ON plan.job = key
WHERE key > ?1 AND key <= ?2
AND (ready.job IS NOT NULL) + (parked.job IS NOT NULL) + (finished.job IS NOT NULL) +
    (plan.job IS NOT NULL) <> 1
)"};
inline constexpr Query kHomeless{R"(
SELECT job FROM (
    SELECT job FROM ready INDEXED BY ready_job WHERE job > ?1 AND job <= ?2
    UNION ALL SELECT job FROM parked WHERE job > ?1 AND job <= ?2
    UNION ALL SELECT job FROM finished WHERE job > ?1 AND job <= ?2
) WHERE NOT EXISTS (SELECT 1 FROM job j WHERE j.key = job)
)"};
inline constexpr Query kPlaces{R"(
SELECT EXISTS (SELECT 1 FROM job WHERE key = ?1), EXISTS (SELECT 1 FROM parked WHERE job = ?1),
       EXISTS (SELECT 1 FROM finished WHERE job = ?1), EXISTS (SELECT 1 FROM plan WHERE job = ?1),
       EXISTS (SELECT 1 FROM job WHERE key = ?1 AND kind <> 0)
)"};
inline constexpr Query kKeepAlive{R"(
INSERT INTO live_child SELECT key, parent, 0, nominal IS NOT NULL FROM job
WHERE key = ? AND parent IS NOT NULL ON CONFLICT DO UPDATE SET gated = 0
)"};
inline constexpr Query kLastEnd{R"(
SELECT number, outcome, ended_at FROM attempt WHERE job = ? ORDER BY token DESC LIMIT 1
)"};
inline constexpr Query kCounterErrors{R"(
SELECT name, jobs - value FROM counter JOIN (
    SELECT 'queuing' AS status, (SELECT count(*) FROM ready) -
                                (SELECT count(*) FROM ready WHERE tries > 0) +
                                (SELECT count(*) FROM parked WHERE why IN (1, 6)) +
                                (SELECT count(*) FROM parked WHERE why = 5 AND tries = 0) +
                                (SELECT count(*) FROM plan WHERE status = 5) AS jobs
    UNION ALL SELECT 'failed_retry', (SELECT count(*) FROM ready WHERE tries > 0) +
                                     (SELECT count(*) FROM parked WHERE why = 2) +
                                     (SELECT count(*) FROM parked WHERE why = 5 AND tries > 0)
    UNION ALL SELECT 'paused', (SELECT count(*) FROM parked WHERE why = 3) +
                               (SELECT count(*) FROM plan WHERE status = 20)
    UNION ALL SELECT 'stopped', (SELECT count(*) FROM parked WHERE why = 4) +
                                (SELECT count(*) FROM plan WHERE status = 30)
    UNION ALL SELECT 'completed', (SELECT count(*) FROM finished) +
                                  (SELECT count(*) FROM plan WHERE status = 0)
) ON status = name WHERE value <> jobs
)"};

// The claim.

inline constexpr Query kReadyPairAfter{R"(
SELECT lane, rank FROM ready INDEXED BY sqlite_autoindex_ready_1
WHERE (lane, rank) > (?, ?) ORDER BY lane, rank LIMIT 1
)"};
inline constexpr Query kReadyAfter{R"(
SELECT due, job, tries, crashes, attempts FROM ready INDEXED BY sqlite_autoindex_ready_1
WHERE lane = ? AND rank = ? AND (due, job) > (?, ?) ORDER BY due, job LIMIT ?
)"};
inline constexpr Query kReadyBefore{R"(
SELECT job, attempts FROM ready INDEXED BY sqlite_autoindex_ready_1
WHERE lane = ? AND (rank, due, job) < (?, ?, ?) LIMIT ?
)"};
inline constexpr Query kClaimedJob{R"(
SELECT id, name, grp, args, max_tries, created_at, timeout, retry, end_at FROM job WHERE key = ?
)"};
inline constexpr Query kNextDue{R"(
SELECT until FROM parked INDEXED BY parked_until WHERE until > ? ORDER BY until LIMIT 1
)"};
inline constexpr Query kDue{R"(
SELECT job, lane, rank, until, tries, crashes, attempts FROM parked INDEXED BY parked_until
WHERE until <= ? ORDER BY until LIMIT ?
)"};

// What runs, and what is wanted of it.

inline constexpr Query kReadyOfJob{R"(
SELECT lane, rank, due, tries, crashes, attempts FROM ready INDEXED BY ready_job WHERE job = ?
)"};
inline constexpr Query kMarkRunning{"INSERT INTO running VALUES (?, ?, ?)"};
inline constexpr Query kUnmarkRunning{"DELETE FROM running WHERE job = ?"};
inline constexpr Query kAllRunning{"SELECT job, token, started_at FROM running"};
inline constexpr Query kSetIntent{
    "INSERT INTO intent VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET want = ?2"};
inline constexpr Query kIntent{"SELECT want FROM intent WHERE job = ?"};
inline constexpr Query kDropIntent{"DELETE FROM intent WHERE job = ?"};
inline constexpr Query kAllIntents{"SELECT job, want FROM intent"};

// Operations.

inline constexpr Query kOrder{R"(
SELECT lane, kind, source, priority, max_tries, version, enabled, begin_at, created_at, parent,
       nominal IS NOT NULL, end_at FROM job WHERE key = ?
)"};
inline constexpr Query kOperated{
    "UPDATE job SET version = version + 1, enabled = ?2 WHERE key = ?1"};
inline constexpr Query kChangeJob{R"(
UPDATE job SET version = version + 1, lane = ?2, priority = ?3, max_tries = ?4, begin_at = ?5,
               end_at = ?6, timeout = ?7, retry = ?8, description = ?9, args = ?10, enabled = ?11,
               preset = ?12
WHERE key = ?1
)"};
inline constexpr Query kMoveParked{"UPDATE parked SET lane = ?2, rank = ?3 WHERE job = ?1"};
inline constexpr Query kChildren{"SELECT key FROM job INDEXED BY job_parent WHERE parent = ?"};

// Declarations.

inline constexpr Query kDeclaration{"SELECT host, place FROM declaration WHERE job = ?"};
inline constexpr Query kKeepDeclaration{R"(
INSERT INTO declaration VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET host = ?2, place = ?3
)"};
inline constexpr Query kForgetDeclaration{"DELETE FROM declaration WHERE job = ?"};

// Attempts.

inline constexpr Query kAddAttempt{R"(
INSERT INTO attempt (job, token, number, outcome, started_at, ended_at) VALUES (?, ?, ?, ?, ?, ?)
)"};
inline constexpr Query kLastOutcome{
    "SELECT token, outcome FROM attempt WHERE job = ? ORDER BY token DESC LIMIT 1"};
inline constexpr Query kFoldAttempt{R"(
UPDATE attempt SET token = ?3, number = ?4, repeats = repeats + 1,
                   since = coalesce(since, started_at), started_at = ?5, ended_at = ?6
WHERE job = ?1 AND token = ?2
)"};
inline constexpr Query kHistory{"SELECT folded, dropped FROM history WHERE job = ?"};
inline constexpr Query kAddToHistory{R"(
INSERT INTO history VALUES (?1, ?2, ?3)
ON CONFLICT DO UPDATE SET folded = folded + ?2, dropped = dropped + ?3
)"};
inline constexpr Query kAttemptsFrom{
    "SELECT token, repeats FROM attempt WHERE job = ? ORDER BY token LIMIT ? OFFSET ?"};
inline constexpr Query kForgetAttempt{"DELETE FROM attempt WHERE job = ? AND token = ?"};
inline constexpr Query kForgetAttemptText{"DELETE FROM attempt_text WHERE job = ? AND token = ?"};
inline constexpr Query kForgetAttemptOutput{"DELETE FROM output WHERE job = ? AND token = ?"};
inline constexpr Query kForgetAttempts{"DELETE FROM attempt WHERE job = ?"};
inline constexpr Query kForgetAttemptTexts{"DELETE FROM attempt_text WHERE job = ?"};
inline constexpr Query kForgetOutputs{"DELETE FROM output WHERE job = ?"};
inline constexpr Query kForgetHistory{"DELETE FROM history WHERE job = ?"};
inline constexpr Query kAddAttemptText{
    "INSERT INTO attempt_text VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
inline constexpr Query kAttemptOutcome{"SELECT outcome FROM attempt WHERE job = ? AND token = ?"};
inline constexpr Query kLastToken{
    "SELECT token FROM attempt WHERE job = ? ORDER BY token DESC LIMIT 1"};
inline constexpr Query kAttemptsAfter{R"(
SELECT a.token, a.number, a.outcome, a.started_at, a.ended_at,
       t.category, t.hint, t.retry_after, t.type, t.code, t.message, t.details, t.result,
       a.repeats, a.since
FROM attempt a LEFT JOIN attempt_text t ON t.job = a.job AND t.token = a.token
WHERE a.job = ? AND a.number > ? ORDER BY a.token LIMIT ?
)"};
inline constexpr Query kLastAttempt{R"(
SELECT a.number, a.outcome, a.started_at, t.result
FROM attempt a LEFT JOIN attempt_text t ON t.job = a.job AND t.token = a.token
WHERE a.job = ? ORDER BY a.token DESC LIMIT 1
)"};
inline constexpr Query kLastError{R"(
SELECT t.message FROM attempt a
CROSS JOIN attempt_text t ON t.job = a.job AND t.token = a.token
WHERE a.job = ? AND a.outcome IN (1, 2, 4, 7) AND t.message IS NOT NULL
ORDER BY a.token DESC LIMIT 1
)"};
inline constexpr Query kNumberedAttempt{
    "SELECT token, number FROM attempt WHERE job = ? AND number = ?"};
inline constexpr Query kLatestAttempt{
    "SELECT token, number FROM attempt WHERE job = ? ORDER BY token DESC LIMIT 1"};

// Output.

inline constexpr Query kKeepOutput{R"(
INSERT INTO output VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT DO UPDATE SET dropped = ?4, chunks = ?5
)"};
inline constexpr Query kOutput{
    "SELECT part, dropped, chunks FROM output WHERE job = ? AND token = ?"};

// Looking at jobs.

inline constexpr Query kKeyOfJob{"SELECT key FROM job WHERE id = ?"};
inline constexpr Query kJob{R"(
SELECT job.id, lane.type, lane.labels, job.kind, job.source, job.priority, job.max_tries,
       job.version, job.created_at, job.begin_at, job.timeout, job.name, job.grp, job.description,
       job.args, parent.id, job.nominal, job.enabled, job.retry, job.end_at, job.creator,
       job.unique_key, job.preset
FROM job CROSS JOIN lane ON lane.id = job.lane LEFT JOIN job parent ON parent.key = job.parent
WHERE job.key = ?
)"};
inline constexpr Query kStanding{R"(
SELECT parked.why, parked.until, parked.parked_at, parked.abandoned, parked.reason,
       finished.ended_at, coalesce(ready.lane, job.lane),
       coalesce(ready.rank, parked.rank, 0), ready.due, coalesce(ready.tries, parked.tries, 0), coalesce(ready.crashes, parked.crashes, 0),
       coalesce(ready.attempts, parked.attempts, 0),
       plan.status, plan.next_due, plan.reason, plan.abandoned, plan.failures, plan.changed_at,
       job.enabled
FROM job
LEFT JOIN ready INDEXED BY ready_job ON ready.job = job.key
LEFT JOIN parked ON parked.job = job.key
LEFT JOIN finished ON finished.job = job.key
LEFT JOIN plan ON plan.job = job.key
WHERE job.key = ?
)"};
inline constexpr Query kParkedAt{"SELECT parked_at FROM parked WHERE job = ?"};
inline constexpr Query kPriority{"SELECT priority, max_tries FROM job WHERE key = ?"};
inline constexpr Query kFiltered{"SELECT lane, grp, parent, name FROM job WHERE key = ?"};

// Lists, newest first, each below a key.

inline constexpr Query kListAll{"SELECT key FROM job WHERE key < ? ORDER BY key DESC"};
inline constexpr Query kListNamed{
    "SELECT job FROM name_key WHERE tenant = 0 AND name = ?2 AND job < ?1 ORDER BY job DESC"};
inline constexpr Query kListKeyed{R"(
SELECT key FROM job INDEXED BY job_unique_key
WHERE tenant = 0 AND unique_key = ?2 AND key < ?1 ORDER BY key DESC
)"};
inline constexpr Query kListDeclared{R"(
SELECT job FROM declaration INDEXED BY declaration_host WHERE host = ?2 AND job < ?1
ORDER BY job DESC
)"};
inline constexpr Query kListQueuing{R"(
SELECT job FROM ready INDEXED BY ready_job WHERE job < ?1
UNION ALL SELECT job FROM parked INDEXED BY parked_why WHERE why = 1 AND job < ?1
UNION ALL SELECT job FROM parked INDEXED BY parked_why WHERE why = 6 AND job < ?1
UNION ALL SELECT job FROM plan INDEXED BY plan_status WHERE status = 5 AND job < ?1
UNION ALL SELECT job FROM parked INDEXED BY parked_why WHERE why = 5 AND tries = 0 AND job < ?1
ORDER BY job DESC
)"};
inline constexpr Query kListFailedRetry{R"(
SELECT job FROM ready INDEXED BY ready_retry WHERE tries > 0 AND job < ?1
UNION ALL SELECT job FROM parked INDEXED BY parked_why WHERE why = 2 AND job < ?1
UNION ALL SELECT job FROM parked INDEXED BY parked_why WHERE why = 5 AND tries > 0 AND job < ?1
ORDER BY job DESC
)"};
inline constexpr Query kListParked{R"(
SELECT job FROM parked INDEXED BY parked_why WHERE why = ?2 AND job < ?1
UNION ALL SELECT job FROM plan INDEXED BY plan_status WHERE status = ?3 AND job < ?1
ORDER BY job DESC
)"};
inline constexpr Query kListFinished{R"(
SELECT job FROM finished WHERE job < ?1
UNION ALL SELECT job FROM plan INDEXED BY plan_status WHERE status = 0 AND job < ?1
ORDER BY job DESC
)"};
inline constexpr Query kListChildren{R"(
SELECT key FROM job INDEXED BY job_parent WHERE parent = ?2 AND key < ?1 ORDER BY key DESC
)"};

}  // namespace jobhost::store::sqlite
