#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/sqlite/database.hpp"
#include "store/sqlite/verify.hpp"
#include "support/job_builder.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::store::sqlite {

using support::JobBuilder;
using namespace std::chrono_literals;

/// A database in a folder of its own, with one node that has joined and runs `test.job`.
class Opened {
public:
    explicit Opened(base::Duration call_timeout = 30s)
        : dir_(std::make_unique<support::TempDir>()),
          file_(*dir_ / "jobs.db"),
          call_timeout_(call_timeout) {
        open();
    }
    /// On a file of the test's own.
    explicit Opened(std::filesystem::path file) : file_(std::move(file)), call_timeout_(30s) {
        open();
    }

    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] support::ManualClock& clock() { return clock_; }
    [[nodiscard]] Database& database() { return *database_; }
    [[nodiscard]] JobStore& jobs() { return database_->jobs(); }
    [[nodiscard]] ClaimStore& claims() { return database_->claims(); }
    [[nodiscard]] core::NodeId node() const { return node_; }

    void close() { database_.reset(); }
    void reopen() {
        close();
        open();
    }

    base::Result<std::vector<Enqueued>> try_enqueue(const JobBuilder& job = {}) {
        return jobs().enqueue({&job.spec(), 1});
    }
    core::JobId enqueue(const JobBuilder& job = {}) { return try_enqueue(job)->front().id; }
    void enqueue_many(int count, const JobBuilder& job = {}) {
        const std::vector<core::JobSpec> specs(static_cast<std::size_t>(count), job.spec());
        ASSERT_TRUE(jobs().enqueue(specs));
    }

    std::vector<ClaimedJob> claim(int limit = 1, const std::string& type = "test.job") {
        return claims().claim({.types = {{type, limit}}, .limit = limit})->jobs;
    }
    ClaimedJob run_one() {
        ClaimedJob job = claim().at(0);
        claims().started({&job.token, 1});
        return job;
    }
    Settlement succeeded(const ClaimedJob& job) {
        return {.job = job.id,
                .token = job.token,
                .node = node_,
                .transition = {},
                .started_at = clock_.now(),
                .ended_at = clock_.now()};
    }
    base::Result<std::vector<Settled>> settle(const Settlement& settlement) {
        return claims().settle({&settlement, 1});
    }
    core::Status status(core::JobId id) { return jobs().find({&id, 1})->at(0).status; }
    std::int64_t count() { return jobs().count({}, 1'000'000'000)->jobs; }

    [[nodiscard]] std::vector<std::string> violations() const {
        const auto found = verify(file_);
        return found ? *found : std::vector{found.error().message};
    }

private:
    void open() {
        auto opened = sqlite::open({.file = file_, .call_timeout = call_timeout_}, clock_);
        if (!opened) {
            throw std::runtime_error(opened.error().code + ": " + opened.error().message);
        }
        database_ = *std::move(opened);
        node_ = core::NodeId::make(clock_.now());
        core::TypeInfo type;
        type.id = "test.job";
        if (!database_->nodes().join({.id = node_, .name = "node-1", .started_at = clock_.now()}) ||
            !database_->nodes().publish({type})) {
            throw std::runtime_error("the node cannot join");
        }
    }

    std::unique_ptr<support::TempDir> dir_;
    const std::filesystem::path file_;
    const base::Duration call_timeout_;
    support::ManualClock clock_;
    std::unique_ptr<Database> database_;
    core::NodeId node_;
};

}  // namespace jobhost::store::sqlite
