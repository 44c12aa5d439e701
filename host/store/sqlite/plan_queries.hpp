#pragma once

#include "store/sqlite/connection.hpp"

/// The statements about recurring jobs and their children.
namespace jobhost::store::sqlite {

inline constexpr Query kAddPlan{R"(
INSERT INTO plan (job, status, changed_at, next_due, last, cron, days, zone, interval, end_at,
                  max_count, misfire, misfire_limit, catch_up, overlap, lock_timeout, jitter,
                  occurrence_tries, calendars)
VALUES (?, 5, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};
inline constexpr Query kPlan{R"(
SELECT status, changed_at, reason, abandoned, next_due, last, resumed_at, last_fired, ran, failures,
       cron, days, zone, interval, end_at, max_count, misfire, misfire_limit, catch_up, overlap,
       lock_timeout, jitter, occurrence_tries, calendars
FROM plan WHERE job = ?
)"};
inline constexpr Query kDuePlans{R"(
SELECT plan.job, job.id, coalesce(job.begin_at, job.created_at)
FROM plan INDEXED BY plan_due CROSS JOIN job ON job.key = plan.job
WHERE next_due <= ? ORDER BY next_due LIMIT ?
)"};
inline constexpr Query kNextPlan{R"(
SELECT next_due FROM plan INDEXED BY plan_due WHERE next_due > ? ORDER BY next_due LIMIT 1
)"};
inline constexpr Query kAdvancePlan{R"(
UPDATE plan SET last = ?2, next_due = ?3, resumed_at = iif(last = ?2, resumed_at, NULL), ran = ran + ?4,
                last_fired = coalesce(?5, last_fired)
WHERE job = ?1
)"};
inline constexpr Query kRewindPlans{R"(
UPDATE plan SET next_due = ?1 WHERE last > ?2 AND next_due IS NOT NULL
)"};
inline constexpr Query kEndPlan{R"(
UPDATE plan SET status = ?2, changed_at = ?3, reason = ?4, abandoned = ?5, next_due = NULL
WHERE job = ?1
)"};
inline constexpr Query kRearmPlan{R"(
UPDATE plan SET status = 5, changed_at = ?2, reason = '', abandoned = 0, failures = 0,
                resumed_at = ?2, next_due = ?3
WHERE job = ?1
)"};
inline constexpr Query kSetNextDue{"UPDATE plan SET next_due = ?2, resumed_at = ?3 WHERE job = ?1"};
inline constexpr Query kChangePlan{R"(
UPDATE plan SET next_due = ?2, last = ?3, cron = ?4, days = ?5, zone = ?6, interval = ?7,
                end_at = ?8, max_count = ?9, misfire = ?10, misfire_limit = ?11, catch_up = ?12,
                overlap = ?13, lock_timeout = ?14, jitter = ?15, occurrence_tries = ?16,
                calendars = ?17
WHERE job = ?1
)"};
inline constexpr Query kForgetPlan{"DELETE FROM plan WHERE job = ?"};
inline constexpr Query kForgetGaps{"DELETE FROM not_run WHERE parent = ?"};
/// Of jobs that live; one that was recorded late, after a long pause, is young all the same.
inline constexpr Query kForgetOldGaps{R"(
DELETE FROM not_run WHERE (parent, first) IN (
    SELECT parent, first FROM not_run INDEXED BY not_run_last
    WHERE last < ?1 AND recorded_at < ?1 ORDER BY last LIMIT ?2)
)"};
inline constexpr Query kCountFailures{"UPDATE plan SET failures = ?2 WHERE job = ?1"};

inline constexpr Query kLastGap{R"(
SELECT first, last, count, counted, verdict, rule FROM not_run WHERE parent = ?
ORDER BY first DESC LIMIT 1
)"};
/// Also when the child was removed since.
inline constexpr Query kFiredAfter{R"(
SELECT 1 FROM job INDEXED BY job_occurrence WHERE parent = ?1 AND nominal > ?2
UNION ALL SELECT 1 FROM plan WHERE job = ?1 AND last_fired > ?2 LIMIT 1
)"};
inline constexpr Query kHasChild{R"(
SELECT 1 FROM job INDEXED BY job_occurrence WHERE parent = ? AND nominal = ?
)"};
inline constexpr Query kChildrenBetween{R"(
SELECT nominal FROM job INDEXED BY job_occurrence WHERE parent = ? AND nominal BETWEEN ? AND ?
ORDER BY nominal
)"};
inline constexpr Query kAddGap{"INSERT OR REPLACE INTO not_run VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
inline constexpr Query kExtendGap{
    "UPDATE not_run SET last = ?3, count = count + ?4 WHERE parent = ?1 AND first = ?2"};
inline constexpr Query kDropGapsAfter{"DELETE FROM not_run WHERE parent = ? AND first > ?"};
/// How many are left in it is not known any more.
inline constexpr Query kCutGapsAt{
    "UPDATE not_run SET last = ?2, counted = 0 WHERE parent = ?1 AND last > ?2"};
inline constexpr Query kGapsBefore{R"(
SELECT first, last, count, counted, verdict, rule, recorded_at FROM not_run
WHERE parent = ? AND first < ? ORDER BY first DESC LIMIT ?
)"};
/// Records never overlap: of those that begin before, only the latest can reach into the period.
inline constexpr Query kMadeUp{"INSERT OR IGNORE INTO made_up VALUES (?, ?, ?)"};
inline constexpr Query kIsMadeUp{
    "SELECT 1 FROM made_up WHERE job = ?1 AND first <= ?2 AND last >= ?2 LIMIT 1"};
inline constexpr Query kForgetMadeUp{"DELETE FROM made_up WHERE job = ?"};
inline constexpr Query kGapsBetween{R"(
SELECT first, last, count, counted, verdict, rule, recorded_at FROM not_run
WHERE parent = ?1 AND last >= ?2 AND first <= ?3
AND first >= ifnull((SELECT max(first) FROM not_run WHERE parent = ?1 AND first <= ?2), ?2)
ORDER BY first
)"};
inline constexpr Query kDropGap{"DELETE FROM not_run WHERE parent = ? AND first = ?"};

// Children.

inline constexpr Query kMaxTries{"SELECT max_tries FROM job WHERE key = ?"};
inline constexpr Query kChildBasis{R"(
SELECT job.lane, job.priority, lane.type FROM job CROSS JOIN lane ON lane.id = job.lane
WHERE key = ?
)"};
inline constexpr Query kAddChild{R"(
INSERT INTO job (key, id, tenant, lane, kind, source, priority, max_tries, created_at, begin_at,
                 timeout, retry, name, grp, description, args, parent, nominal)
SELECT ?1, ?2, tenant, lane, 0, iif(?6 IS NULL, 0, source), priority, ?3, ?4, ?5, timeout, retry,
       NULL, grp, '', args, key, ?6
FROM job WHERE key = ?7 ON CONFLICT DO NOTHING
)"};
inline constexpr Query kAddLiveChild{"INSERT INTO live_child VALUES (?, ?, ?, ?)"};
inline constexpr Query kDropLiveChild{
    "DELETE FROM live_child WHERE job = ? RETURNING parent, occurrence"};
inline constexpr Query kAnyLiveChild{R"(
SELECT 1 FROM live_child INDEXED BY live_child_parent WHERE parent = ? LIMIT 1
)"};
inline constexpr Query kAnyInPlay{R"(
SELECT 1 FROM live_child INDEXED BY live_child_parent WHERE parent = ? AND gated = 0 AND job <> ?
LIMIT 1
)"};
inline constexpr Query kLiveChildren{R"(
SELECT job FROM live_child INDEXED BY live_child_parent WHERE parent = ? AND gated >= ?
ORDER BY job
)"};
inline constexpr Query kFirstGated{R"(
SELECT live_child.job, job.begin_at
FROM live_child INDEXED BY live_child_parent CROSS JOIN job ON job.key = live_child.job
WHERE live_child.parent = ? AND gated = 1 ORDER BY live_child.job LIMIT 1
)"};
/// Of one that waits behind the gate: those who must be over first, those in play before the
/// others.
inline constexpr Query kInFront{R"(
SELECT job.id FROM live_child self
CROSS JOIN live_child other INDEXED BY live_child_parent ON other.parent = self.parent
CROSS JOIN job ON job.key = other.job
WHERE self.job = ?1 AND other.job <> ?1 AND (other.gated = 0 OR other.job < ?1)
ORDER BY other.gated, other.job LIMIT ?2
)"};
inline constexpr Query kOccurrencesUpTo{R"(
SELECT key FROM job INDEXED BY job_occurrence
WHERE parent = ? AND nominal IS NOT NULL AND nominal <= ? ORDER BY nominal DESC LIMIT ?
)"};
inline constexpr Query kOpenGate{"UPDATE live_child SET gated = 0 WHERE job = ?"};
inline constexpr Query kCloseGate{"UPDATE live_child SET gated = 1 WHERE job = ?"};

}  // namespace jobhost::store::sqlite
