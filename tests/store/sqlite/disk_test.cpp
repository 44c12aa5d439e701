#include <csignal>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <gmock/gmock.h>

#include "store/sqlite/forked.hpp"
#include "store/sqlite/opened.hpp"

/// Real disks that are full, limited or read-only: mounts of a process's own, which need root.
namespace jobhost::store::sqlite {
namespace {

const std::string kFine;

#define SKIP_WITHOUT_ROOT()                                                     \
    if (::geteuid() != 0) {                                                     \
        GTEST_SKIP() << "only root can mount; a full disk cannot be made here"; \
    }

bool leave_mount_namespace() {
    return ::unshare(CLONE_NEWNS) == 0 &&
           ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

bool mount_small_disk(const std::filesystem::path& at, const char* size) {
    return leave_mount_namespace() && ::mount("none", at.c_str(), "tmpfs", 0, size) == 0;
}

JobBuilder large_job() { return JobBuilder().args("\"" + std::string(60'000, 'x') + "\""); }

/// Adds jobs until one is refused; how many were accepted, and why the last was not.
std::pair<int, base::Error> fill(Opened& store, const JobBuilder& job) {
    for (int accepted = 0;; ++accepted) {
        if (auto enqueued = store.try_enqueue(job); !enqueued) {
            return {accepted, enqueued.error()};
        }
    }
}

std::string check_whole(Opened& store, int jobs) {
    const auto found = store.violations();
    if (!found.empty()) {
        return "violated: " + found.front();
    }
    const auto counted = store.count();
    return counted == jobs
               ? kFine
               : "there are " + std::to_string(counted) + " jobs of " + std::to_string(jobs);
}

TEST(Disk, AFullDiskRefusesJobsUntilThereIsRoom) {
    SKIP_WITHOUT_ROOT();
    const support::TempDir dir;

    EXPECT_EQ(support::in_child([&]() -> std::string {
                  if (!mount_small_disk(dir.path(), "size=8m")) {
                      return "no mount";
                  }
                  const auto ballast = dir.write("ballast", std::string(4'000'000, 'b'));
                  Opened store(dir / "jobs.db");
                  auto [accepted, error] = fill(store, large_job());
                  if (error.code != "disk_full" || accepted < 5) {
                      return "accepted " + std::to_string(accepted) + ": " + error.message;
                  }
                  const auto claimed = store.claim(1);
                  if (claimed.size() != 1) {
                      return "nothing can be claimed";
                  }
                  std::filesystem::remove(ballast);
                  if (auto again = store.try_enqueue(large_job()); !again) {
                      return "still refused: " + again.error().message;
                  }
                  if (!store.settle(store.succeeded(claimed[0]))) {
                      return "the settle was refused";
                  }
                  store.reopen();
                  return check_whole(store, accepted + 1);
              }),
              kFine);
}

TEST(Disk, AStartOnAFullDiskSaysSoAndHarmsNothing) {
    SKIP_WITHOUT_ROOT();
    const support::TempDir dir;

    EXPECT_EQ(support::in_child([&]() -> std::string {
                  if (!mount_small_disk(dir.path(), "size=4m")) {
                      return "no mount";
                  }
                  support::ManualClock clock;
                  const auto ballast = dir.path() / "ballast";
                  std::ofstream(ballast) << std::string(4'000'000, 'b');
                  const auto opened = open({.file = dir / "jobs.db"}, clock);
                  if (opened || opened.error().code != "disk_full") {
                      return opened ? "opened" : opened.error().message;
                  }
                  std::filesystem::remove(ballast);
                  Opened store(dir / "jobs.db");
                  store.enqueue();
                  return check_whole(store, 1);
              }),
              kFine);
}

TEST(Disk, ALimitOnTheSizeOfFilesRefusesJobsUntilItIsRaised) {
    const support::TempDir dir;

    EXPECT_EQ(support::in_child([&]() -> std::string {
                  ::signal(SIGXFSZ, SIG_IGN);
                  Opened store(dir / "jobs.db");
                  rlimit limit{};
                  ::getrlimit(RLIMIT_FSIZE, &limit);
                  const auto unlimited = limit.rlim_cur;
                  limit.rlim_cur = 1'500'000;
                  ::setrlimit(RLIMIT_FSIZE, &limit);
                  const auto [accepted, error] = fill(store, large_job());
                  if (error.code != "file_too_large" || accepted < 3) {
                      return "accepted " + std::to_string(accepted) + ": " + error.message;
                  }
                  limit.rlim_cur = unlimited;
                  ::setrlimit(RLIMIT_FSIZE, &limit);
                  if (auto again = store.try_enqueue(large_job()); !again) {
                      return "still refused: " + again.error().message;
                  }
                  store.reopen();
                  return check_whole(store, accepted + 1);
              }),
              kFine);
}

TEST(Disk, AReadOnlyDiskIsNamedAtTheStart) {
    SKIP_WITHOUT_ROOT();
    const support::TempDir dir;
    { Opened store(dir / "jobs.db"); }

    EXPECT_EQ(
        support::in_child([&]() -> std::string {
            const char* const path = dir.path().c_str();
            if (!leave_mount_namespace() || ::mount(path, path, nullptr, MS_BIND, nullptr) != 0 ||
                ::mount(nullptr, path, nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0) {
                return "no mount";
            }
            support::ManualClock clock;
            const auto opened = open({.file = dir / "jobs.db"}, clock);
            if (opened) {
                return "opened";
            }
            return opened.error().code == "read_only" ? kFine : opened.error().message;
        }),
        kFine);
}

TEST(Disk, AReadOnlyFileIsNamedAtTheStart) {
    SKIP_WITHOUT_ROOT();
    const support::TempDir dir;
    { Opened store(dir / "jobs.db"); }

    EXPECT_EQ(support::in_child([&]() -> std::string {
                  const auto file = dir / "jobs.db";
                  if (!leave_mount_namespace() ||
                      ::mount(file.c_str(), file.c_str(), nullptr, MS_BIND, nullptr) != 0 ||
                      ::mount(nullptr, file.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY,
                              nullptr) != 0) {
                      return "no mount";
                  }
                  support::ManualClock clock;
                  const auto opened = open({.file = file}, clock);
                  if (opened) {
                      return "opened";
                  }
                  return opened.error().code == "read_only" ? kFine : opened.error().message;
              }),
              kFine);
}

}  // namespace
}  // namespace jobhost::store::sqlite
