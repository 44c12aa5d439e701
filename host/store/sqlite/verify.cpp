#include "store/sqlite/verify.hpp"

#include <array>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/schema.hpp"

namespace jobhost::store::sqlite {

namespace {

/// A promise, and a query whose every row is a breach of it.
struct Rule {
    const char* broken;
    Query breaches;
};

constexpr std::array kRules{
    Rule{"a job does not stand in exactly one place", Query(R"(
SELECT key FROM job
LEFT JOIN ready ON ready.job = key LEFT JOIN parked ON parked.job = key
LEFT JOIN finished ON finished.job = key LEFT JOIN plan ON plan.job = key
WHERE (ready.job IS NOT NULL) + (parked.job IS NOT NULL) + (finished.job IS NOT NULL) +
      (plan.job IS NOT NULL) <> 1 OR (kind <> 0) <> (plan.job IS NOT NULL)
)")},
    Rule{"a place is taken by a job that does not exist", Query(R"(
SELECT job FROM (SELECT job FROM ready UNION ALL SELECT job FROM parked
                 UNION ALL SELECT job FROM finished UNION ALL SELECT job FROM plan)
WHERE job NOT IN (SELECT key FROM job)
)")},
    Rule{"a job waits in another lane than its own", Query(R"(
SELECT ready.job FROM ready JOIN job ON key = ready.job WHERE ready.lane <> job.lane
AND ready.job NOT IN (SELECT job FROM intent)
UNION ALL SELECT parked.job FROM parked JOIN job ON key = parked.job WHERE parked.lane <> job.lane
)")},
    Rule{"a rank does not follow from priority and tries", Query(R"(
SELECT w.job FROM (SELECT job, rank, tries FROM ready WHERE job NOT IN (SELECT job FROM intent)
                   UNION ALL SELECT job, rank, tries FROM parked WHERE why IN (1, 2, 5)) w
JOIN job ON key = w.job WHERE w.rank <> (25 - CASE
    WHEN max_tries < 2 OR w.tries * 3 <= max_tries THEN priority
    WHEN w.tries * 3 <= max_tries * 2 THEN min(priority, 10)
    ELSE min(priority, 5) END) / 5 * 64 + min(w.tries, 63)
)")},
    Rule{"the reason for waiting does not fit the tries",
         Query("SELECT job FROM parked WHERE why IN (1, 2) AND (why = 2) <> (tries > 0)")},
    Rule{"a job waits to be enabled and is, or for its time and is not enabled", Query(R"(
SELECT job FROM parked JOIN job ON key = parked.job
WHERE (why = 5 AND enabled) OR (why IN (1, 2) AND NOT enabled)
)")},
    Rule{"a disabled job stands in the queue", Query(R"(
SELECT key FROM job JOIN ready ON ready.job = key
WHERE NOT enabled AND key NOT IN (SELECT job FROM intent)
)")},
    Rule{"the number of attempts is not that of the records", Query(R"(
SELECT w.job FROM (SELECT job, attempts FROM ready UNION ALL SELECT job, attempts FROM parked) w
WHERE w.attempts <> (SELECT count(*) FROM attempt a WHERE a.job = w.job) +
    ifnull((SELECT folded + dropped FROM history h WHERE h.job = w.job), 0)
)")},
    Rule{"the attempts of a job are not numbered in the order of their tokens", Query(R"(
SELECT job FROM (SELECT job, number, repeats,
                        lag(number, 1, 0) OVER (PARTITION BY job ORDER BY token) AS before
                 FROM attempt)
WHERE number < before + repeats
OR number > before + repeats AND job NOT IN (SELECT job FROM history WHERE dropped > 0)
)")},
    Rule{"a job is finished without a last attempt that succeeded", Query(R"(
SELECT job FROM finished WHERE ifnull((SELECT outcome FROM attempt a WHERE a.job = finished.job
                                       ORDER BY token DESC LIMIT 1), -1) <> 0
)")},
    Rule{"a completed job is not noted as ended", Query(R"(
SELECT job FROM finished WHERE job NOT IN (SELECT value FROM ended, json_each(ended.jobs))
AND job NOT IN (SELECT job FROM declaration WHERE place <> '')
)")},
    Rule{"a counter is wrong", Query(R"(
SELECT name FROM counter JOIN (
    SELECT 'queuing' AS status,
           (SELECT count(*) FROM ready WHERE tries = 0) +
           (SELECT count(*) FROM parked WHERE why IN (1, 6) OR (why = 5 AND tries = 0)) +
           (SELECT count(*) FROM plan WHERE status = 5) AS jobs
    UNION ALL SELECT 'failed_retry',
                     (SELECT count(*) FROM ready WHERE tries > 0) +
                     (SELECT count(*) FROM parked WHERE why = 2 OR (why = 5 AND tries > 0))
    UNION ALL SELECT 'paused', (SELECT count(*) FROM parked WHERE why = 3) +
                               (SELECT count(*) FROM plan WHERE status = 20)
    UNION ALL SELECT 'stopped', (SELECT count(*) FROM parked WHERE why = 4) +
                                (SELECT count(*) FROM plan WHERE status = 30)
    UNION ALL SELECT 'completed', (SELECT count(*) FROM finished) +
                                  (SELECT count(*) FROM plan WHERE status = 0)
) ON status = name WHERE value <> jobs
)")},
    Rule{"a key was given that was not counted", Query(R"(
SELECT max(key) FROM job HAVING max(key) > (SELECT value FROM counter WHERE name = 'last_key')
)")},
    Rule{"a mark of a running attempt has no job in the queue, or its attempt is over", Query(R"(
SELECT job FROM running r WHERE job NOT IN (SELECT job FROM ready)
OR EXISTS (SELECT 1 FROM attempt a WHERE a.job = r.job AND a.token >= r.token)
)")},
    Rule{"a wish is left of a job that is not in the queue",
         Query("SELECT job FROM intent WHERE job NOT IN (SELECT job FROM ready)")},
    Rule{"a name does not belong to its job", Query(R"(
SELECT n.job FROM name_key n LEFT JOIN job ON key = n.job
WHERE job.name IS NOT n.name OR job.grp IS NOT n.grp OR job.tenant IS NOT n.tenant
UNION ALL SELECT key FROM job WHERE name IS NOT NULL AND key NOT IN (SELECT job FROM name_key)
)")},
    Rule{"a text is left of an attempt that does not exist", Query(R"(
SELECT job FROM attempt_text t
WHERE NOT EXISTS (SELECT 1 FROM attempt a WHERE a.job = t.job AND a.token = t.token)
)")},
    Rule{"a history does not fit the attempts", Query(R"(
SELECT h.job FROM history h
WHERE folded < 0 OR dropped < 0 OR h.job NOT IN (SELECT key FROM job)
OR folded <> (SELECT total(repeats - 1) FROM attempt a WHERE a.job = h.job)
)")},
    Rule{"output is left of a job that does not exist",
         Query("SELECT job FROM output WHERE job NOT IN (SELECT key FROM job)")},
    Rule{"a child counts as alive and is over, or is over and counts as alive", Query(R"(
SELECT live_child.job FROM live_child
WHERE job NOT IN (SELECT job FROM ready) AND job NOT IN (SELECT job FROM parked WHERE why <> 4)
UNION ALL SELECT key FROM job WHERE parent IS NOT NULL AND key NOT IN (SELECT job FROM live_child)
AND key NOT IN (SELECT job FROM finished) AND key NOT IN (SELECT job FROM parked WHERE why = 4)
)")},
    Rule{"a child waits behind a gate that is open, or that nobody will open", Query(R"(
SELECT job FROM parked WHERE (why = 6) <> ifnull((SELECT gated FROM live_child l
                                                   WHERE l.job = parked.job), 0)
UNION ALL SELECT parent FROM live_child GROUP BY parent HAVING min(gated) = 1
)")},
    Rule{"a recurring job is armed for nothing, or is over and goes on", Query(R"(
SELECT job FROM plan JOIN job ON key = plan.job WHERE (status = 5 AND enabled AND
                            next_due IS NULL AND
                            NOT EXISTS (SELECT 1 FROM live_child l WHERE l.parent = plan.job))
OR ((status <> 5 OR NOT enabled) AND next_due IS NOT NULL)
)")},
    Rule{"an occurrence has a child and a record that it did not run", Query(R"(
SELECT key FROM job JOIN not_run n ON n.parent = job.parent
WHERE nominal BETWEEN n.first AND n.last
)")},
    Rule{"a reference leads nowhere", Query("SELECT \"table\" FROM pragma_foreign_key_check")},
};

constexpr Query kIntegrity{"PRAGMA integrity_check(20)"};

void check(Connection& connection, const Rule& rule, std::vector<std::string>& findings) {
    auto rows = connection.query(rule.breaches);
    while (rows.next()) {
        findings.push_back(std::string(rule.broken) + ": " + rows.column<std::string>(0));
    }
}

void check_pages(Connection& connection, std::vector<std::string>& findings) {
    auto rows = connection.query(kIntegrity);
    while (rows.next()) {
        if (auto finding = rows.column<std::string>(0); finding != "ok") {
            findings.push_back("damaged: " + finding);
        }
    }
}

}  // namespace

base::Result<std::vector<std::string>> verify(const std::filesystem::path& file) {
    auto opened = Connection::open(file, Access::Read, kBusyWait);
    if (!opened) {
        return std::move(opened).error();
    }
    Connection& connection = **opened;
    std::vector<std::string> findings;
    {
        const Snapshot snapshot(connection);
        check_pages(connection, findings);
        for (const Rule& rule : kRules) {
            check(connection, rule, findings);
        }
    }
    if (auto failure = connection.take_failure()) {
        return *std::move(failure);
    }
    return findings;
}

}  // namespace jobhost::store::sqlite
