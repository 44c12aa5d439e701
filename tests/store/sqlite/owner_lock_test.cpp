#include "store/sqlite/owner_lock.hpp"

#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>

#include "store/sqlite/forked.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::store::sqlite {
namespace {

using testing::HasSubstr;

class OwnerLockTest : public testing::Test {
protected:
    support::TempDir dir_;
    const std::filesystem::path file_ = dir_ / "jobs.db";
};

TEST_F(OwnerLockTest, OneProcessHasItAtATime) {
    const auto lock = OwnerLock::take(file_);
    ASSERT_TRUE(lock);
    lock->sign("node-7");

    const std::string said = support::in_child([&] {
        const auto second = OwnerLock::take(file_);
        return second ? std::string("taken twice") : second.error().code + second.error().message;
    });

    EXPECT_THAT(said, HasSubstr("store_locked"));
    EXPECT_THAT(said, HasSubstr("locked by another jobhost (pid " + std::to_string(::getpid())));
    EXPECT_THAT(said, HasSubstr("node-7"));
    EXPECT_THAT(said, HasSubstr(file_.native()));
}

TEST_F(OwnerLockTest, OneOwnerHasItInsideOneProcessToo) {
    const auto lock = OwnerLock::take(file_);
    ASSERT_TRUE(lock);

    EXPECT_FALSE(OwnerLock::take(file_));
}

TEST_F(OwnerLockTest, ItIsFreeWhenItsOwnerIsGone) {
    { ASSERT_TRUE(OwnerLock::take(file_)); }

    EXPECT_TRUE(OwnerLock::take(file_));
}

TEST_F(OwnerLockTest, ItIsFreeWhenItsOwnerWasKilled) {
    EXPECT_THAT(support::in_child([&]() -> std::string {
                    const auto lock = OwnerLock::take(file_);
                    ::raise(SIGKILL);
                    return "alive";
                }),
                HasSubstr("status 9"));

    EXPECT_TRUE(OwnerLock::take(file_));
}

TEST_F(OwnerLockTest, AChildOfADeadOwnerIsWaitedFor) {
    // The pid of a process that is gone, in a file whose lock somebody else still holds.
    const pid_t dead = ::fork();
    if (dead == 0) {
        ::_exit(0);
    }
    ::waitpid(dead, nullptr, 0);
    dir_.write("jobs.db.lock", std::to_string(dead) + "\n");
    const int leftover = ::open((file_.native() + ".lock").c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_EQ(::flock(leftover, LOCK_EX), 0);

    std::optional<base::Result<OwnerLock>> taken;
    std::jthread taker([&] { taken.emplace(OwnerLock::take(file_)); });
    ::close(leftover);
    taker.join();

    EXPECT_TRUE(*taken);
}

TEST_F(OwnerLockTest, ALockFileThatCannotBeMadeIsAnError) {
    const auto lock = OwnerLock::take(dir_ / "absent/jobs.db");

    ASSERT_FALSE(lock);
    EXPECT_EQ(lock.error().kind, base::ErrorKind::Unavailable);
    EXPECT_THAT(lock.error().message, HasSubstr("absent/jobs.db.lock"));
}

}  // namespace
}  // namespace jobhost::store::sqlite
